/** Instants as people read them, on clocks of a zone: `Wed 25 Nov 17:00:00`. Pure. */
import { localTime } from '../../policy/core/index.js';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const pad = (value: number) => String(value).padStart(2, '0');

function dateText(seconds: number, zone: string, nowSeconds: number): string {
  const { year, month, day } = localTime(seconds, zone);
  const weekday = days[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  const far = year === localTime(nowSeconds, zone).year ? '' : ` ${year}`;
  return `${weekday} ${day} ${months[month - 1]}${far}`;
}

/** Day and time; the year where it is not the present one. */
export function momentText(iso: string, zone: string, now: string): string {
  const seconds = Math.floor(Date.parse(iso) / 1000);
  const { hour, minute, second } = localTime(seconds, zone);
  const date = dateText(seconds, zone, Math.floor(Date.parse(now) / 1000));
  return `${date} ${pad(hour)}:${pad(minute)}:${pad(second)}`;
}

/** When something ends: midnight is the end of the day before, as a contract says it. */
export function endText(iso: string, zone: string, now: string): string {
  const seconds = Math.floor(Date.parse(iso) / 1000);
  const { hour, minute, second } = localTime(seconds, zone);
  if (hour + minute + second > 0) return momentText(iso, zone, now);
  return `the end of ${dateText(seconds - 1, zone, Math.floor(Date.parse(now) / 1000))}`;
}

/** When something begins: midnight is the day. */
export function startText(iso: string, zone: string, now: string): string {
  const seconds = Math.floor(Date.parse(iso) / 1000);
  const { hour, minute, second } = localTime(seconds, zone);
  if (hour + minute + second > 0) return momentText(iso, zone, now);
  return dateText(seconds, zone, Math.floor(Date.parse(now) / 1000));
}
