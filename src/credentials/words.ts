/**
 * The words of generated passwords: common, short, easy to say over a telephone, each once. The
 * list may grow; shrinking it below 1,200 would break what generate.ts promises.
 */
const list = `
  acorn actor adobe agate agent album alder alert algae alley almond alpine amber anchor angle
  ankle antler anvil apple apricot apron arbor arch arena armor arrow artist ash aspen aster
  atlas atom attic aunt author autumn avenue avocado award axis axle badge badger bagel baker
  bakery balcony ballad ballet bamboo banana band banjo banner barber barge bark barley barn
  baron barrel basil basin basket bass bath bay bazaar beach beacon bead beagle beak beam bean
  bear beard beaver beech beet beetle bell belt bench berry birch bird bison blade blanket blaze
  blender bloom blossom blouse blue board boat bobcat bonfire bonnet book boot border bottle
  bottom boulder bow bowl box bracelet bracket branch brass bread breeze brick bride bridge
  bright brisk broccoli bronze brook broom broth brush bubble bucket buckle bud buffalo bugle
  bulb bumper bundle bunny burrow bus butter button cabbage cabin cable cactus cake calf calm
  camel camera camp canal canary candle candy canoe canvas canyon cap cape caper captain caramel
  caravan carbon card cargo carol carpet carrot cart carton cascade cashew castle cat catfish
  cave cedar celery cellar cello cement cereal chain chair chalk chapel chapter charm chart
  cheddar cheek cheese cherry chess chest chestnut chick chief chime chimney chin chip chisel
  choir chorus cider cinder cinema circle circus citrus city clam clarinet clay clean clever
  cliff climb cloak clock cloud clover clown club coach coast coat cobalt cobble cobra cocoa
  coconut cocoon coffee coin collar colony color column comet comic comma compass concert condor
  cone copper coral cord cork corn corner cosmos cottage cotton couch cougar country cousin cove
  cow coyote crab cradle craft crane crater crayon cream creek crest cricket crisp crocus crow
  crown cruise crumb crust crystal cube cuckoo cucumber cup curio curl current curry curtain
  curve cushion custard cycle cymbal cypress daffodil dahlia dairy daisy dance dancer dapper
  dawn deck deer delta denim depot desert desk dew dial diamond diary dice diesel diner dinghy
  dinner disco dish diver dock doctor dog dolphin dome domino donkey door double dough dove
  dragon drama drawer dream dress drift drill driver drum duck duet dune dusk dust duvet eager
  eagle early earth easel east easy echo eclipse edge egg eight elbow elder elegant elk elm
  ember emerald emu engine envelope equal ermine escort evening ever exact exhibit extra eyebrow
  fable fabric factor fairy falcon family famous fancy farm farmer fast father faucet fawn feast
  feather fennel fern ferry fiber fiddle field fig figure film finch finger fir fire fish fjord
  flag flagon flame flannel flask flax fleece fleet flint float flock flora flour flower flute
  foam focal fog folder forest fork fort fossil fountain fox frame freckle fresh friday friend
  fringe frog frost fruit fudge funnel fuzzy gable galaxy gallery gallon garage garden garlic
  garnet gate gazelle gear gecko gem gentle geyser giant gift ginger giraffe glacier glad glass
  glide globe glove glow glue gnome goat gold golf gondola good goose gopher gown grain granite
  grape graph grass gravel gravy great green grid grill grotto group grove guava guest guide
  guitar gull gusto gym habit hail hammer hammock hamster hand handle happy harbor hare harp
  harvest hat hawk hazel heart heath heather hedge hedgehog helium helmet hemlock herb herd
  heron hickory hiker hill hinge hippo hobby hockey holly honest honey hood hoop horizon horn
  hornet horse hotel hour house humble hummus hurdle husky ibis icicle icing icon igloo iguana
  indigo ink inlet insect iris iron island ivory ivy jacket jade jaguar jam jar jasmine jaunty
  jay jazz jelly jersey jetty jewel jigsaw jogger jolly journal journey judge juggler juice
  jumbo jumper june jungle junior juniper jury kale kangaroo kayak keel keen kernel kettle key
  keyboard kilt kimono kind kindle king kingdom kiosk kitchen kite kitten kiwi knee knight knit
  knot koala label lace ladder ladle lady lagoon lake lamb lamp lantern lapel larch lark lasso
  latch lateral lattice laurel lava lavender lawn layer leaf leather ledge lemon lemur lens
  lentil leopard letter lettuce level lever library light lilac lily lime limit linden linen
  lion lizard llama lobby lobster local locket lodge logic lotus loud lovely loyal lucky lumber
  lunar lunch lupin lute lynx lyric macaw magma magnet magnolia mahogany mallet mallow mammoth
  manatee mango manor mantle map maple marble march margin marina marker market maroon marsh
  mason mast master mat matrix meadow medal medley mellow melody melon mentor merit mermaid
  merry mesa metal meteor metro midnight mile milk mill mimosa mineral mint mirror mist mitten
  mocha model modern molar moment monarch monday monkey moon moose morning mosaic moss moth
  mother motor mountain mouse movie muffin mug mule muse museum music muslin mustard mutual
  myrtle napkin narrow native nature navy nearby nebula neck nectar needle neon nephew nest
  nickel night nimble noble noodle noon north nose notebook nougat novel number nurse nutmeg
  nylon oak oasis oat ocean ocelot octagon october octopus olive omega onion onyx opal open
  opera orange orbit orchard orchid oregano organ origami oriole osprey ostrich otter outdoor
  oval oven owl oxygen oyster pacific package paddle page pagoda paint palace palette palm panda
  panel pansy panther papaya paper paprika parade parcel parent park parka parrot parsley
  parsnip party pasta pastel pastry patch path patio patrol peach peacock peak peanut pear pearl
  pebble pecan pedal pelican pencil penguin peony people pepper perch perfect petal petunia
  phone photo piano piccolo pickle picnic picture pier pigeon pillar pillow pilot pine pineapple
  pink pioneer pipe pistachio pixel pizza plain planet plank plant plate plateau plaza plum
  plumber pocket podium poem poet polar polish polka pollen polo poncho pond pony poodle popcorn
  poplar poppy porch port portal porter possum postcard poster potato potter powder prairie
  praline present pretzel primrose prince print prism prize proud prune puddle puffin pulley
  pulse puma pumpkin puppet puppy purple purse puzzle pyramid quail quaint quarry quart quartz
  quaver queen quest quick quiet quill quilt quince quiver quiz quota rabbit raccoon race racket
  radar radio radish raft rail rain rainbow raisin ram ranch ranger rapid raspberry rattle raven
  ravine razor ready recipe record red reed reef referee relay relic relish rhubarb rhyme rhythm
  ribbon rice riddle ridge right ring ripple river road robin robot rocket rodeo roller roof
  room root rope rose rosemary rotor round rover rowboat royal ruby rudder rug runner rural
  russet rustic rye sable saddle saffron sage sail sailor salad salmon salsa salt salute sand
  sandal sandwich sapphire sardine sash satchel satin saturn sauce sauna savory scale scarf
  scarlet scene school science scone scooter scout screen scroll sea seagull seal season secret
  seed sequoia serene sesame seven shadow shady shallot shamrock shape shark sharp shawl sheep
  sheet shelf shell sherbet shield shine ship shirt shoe shop shore shovel shrimp shrub shuttle
  sierra signal silent silk silver simple singer siren sister skate sketch ski skiff skipper
  skirt sky slate sled sleepy sleeve slipper slope sloth smart smile smoke snail snow snowman
  soap soccer sock soda sofa soft solar solid sonata song sonic sorrel soup south soy spaniel
  sparrow spatula speaker sphere spice spider spinach spiral sponge spoon sport spring sprout
  spruce square squash squid squirrel stable stadium staff stage stair stamp star starling
  station statue steady steam steel stem stencil step stereo stew stilt stone stool stork storm
  story stove straw stream street string stripe strong studio sturdy sugar suitcase sultan
  summer summit sun sundial sunny sunrise sunset surf swallow swan sweater sweet swift swing
  symbol symphony syrup table tablet taco tailor talent tally talon tambourine tangerine tango
  tank tapestry tarragon tavern taxi tea teacher teapot temple tempo tender tennis tent terrace
  theater thicket thimble thistle thread three thrush thumb thunder thyme ticket tiger tile
  timber timid tinsel toast toboggan toffee token tomato topaz topic torch tortoise toucan tower
  town tractor trail train tram trapeze travel tray treasure treaty tree trellis tribe trident
  trio trolley trophy trout trowel truck truffle trumpet trunk tuba tugboat tulip tuna tundra
  tunic tunnel turban turnip turquoise turtle tutor twelve twig twin twist tycoon umbrella uncle
  unicorn union universe upbeat upper urban useful usher utmost vacuum valley valve vanilla
  vapor vase vault velvet vendor venture veranda verse vessel vest viaduct vibrant village vine
  vintage viola violet violin visitor vista vivid vocal volcano volley voyage waffle wagon
  waiter walker wallaby wallet walnut walrus waltz warbler warm water wave wealth weasel weather
  weaver wedge welcome west whale wheat wheel whisker whistle white wicker widget wigwam wild
  willow windmill window winter wisdom wise wizard wolf wombat wonder wood wool world wreath
  wren writer yacht yak yard yarn yellow yodel yogurt yonder young zebra zenith zephyr zeppelin
  zigzag zinc zinnia zipper zither zodiac zoo zucchini
`;

export const words: readonly string[] = list.trim().split(/\s+/);
