/**
 * Buffer methods that Node has had in every version but does not list in its types. They skip the
 * encoding look-up of toString() and write(), which shows at hundreds of thousands of calls a
 * second.
 */
declare module 'buffer' {
  global {
    interface Buffer {
      latin1Slice(start?: number, end?: number): string;
      utf8Slice(start?: number, end?: number): string;
      latin1Write(text: string, offset?: number, length?: number): number;
      utf8Write(text: string, offset?: number, length?: number): number;
    }
  }
}
