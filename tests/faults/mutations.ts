/** Damage as a broken disk, a broken sender or an enemy would do it; all from one source of chance. */
type Chance = () => number;
type Mutation = (bytes: Buffer, chance: Chance, other: Buffer) => Buffer;

const upTo = (chance: Chance, limit: number): number => Math.floor(chance() * limit);
/** Headers are where decoders trust most: half of all damage is done in the first 512 bytes. */
const place = (bytes: Buffer, chance: Chance): number =>
  upTo(chance, chance() < 0.5 ? Math.min(512, bytes.length) : bytes.length);

const NUMBERS = [
  0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];

const flipBits: Mutation = (bytes, chance) => {
  const copy = Buffer.from(bytes);
  for (let n = 1 + upTo(chance, 16); n > 0; n--) copy[place(copy, chance)] ^= 1 << upTo(chance, 8);
  return copy;
};
const writeNumbers: Mutation = (bytes, chance) => {
  const copy = Buffer.from(bytes);
  for (let n = 1 + upTo(chance, 4); n > 0 && copy.length >= 8; n--) {
    const at = Math.min(place(copy, chance), copy.length - 4);
    const value = NUMBERS[upTo(chance, NUMBERS.length)];
    if (chance() < 0.5) copy.writeUInt32LE(value, at);
    else copy.writeUInt32BE(value, at);
  }
  return copy;
};
const cutShort: Mutation = (bytes, chance) => bytes.subarray(0, 1 + place(bytes, chance));
const cutOut: Mutation = (bytes, chance) => {
  const from = place(bytes, chance);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + upTo(chance, 2000))]);
};
const repeatPiece: Mutation = (bytes, chance) => {
  const from = place(bytes, chance);
  const piece = bytes.subarray(from, from + 1 + upTo(chance, 2000));
  const again = Array.from({ length: 1 + upTo(chance, 20) }, () => piece);
  return Buffer.concat([bytes.subarray(0, from), ...again, bytes.subarray(from)]);
};
const insertNoise: Mutation = (bytes, chance) => {
  const at = place(bytes, chance);
  const noise = Buffer.from(Array.from({ length: 1 + upTo(chance, 500) }, () => upTo(chance, 256)));
  return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
};
const graft: Mutation = (bytes, chance, other) =>
  Buffer.concat([bytes.subarray(0, place(bytes, chance)), other.subarray(place(other, chance))]);
const swapPieces: Mutation = (bytes, chance) => {
  const [a, b] = [place(bytes, chance), place(bytes, chance)].sort((x, y) => x - y);
  const size = Math.min(1 + upTo(chance, 400), b - a);
  const copy = Buffer.from(bytes);
  bytes.copy(copy, a, b, b + size);
  bytes.copy(copy, b, a, a + size);
  return copy;
};

const MUTATIONS = [flipBits, writeNumbers, cutShort, cutOut, repeatPiece, insertNoise, graft, swapPieces];

/** One to three kinds of damage to one of the files. */
export function damaged(files: readonly Buffer[], chance: Chance): { index: number; bytes: Buffer } {
  const index = upTo(chance, files.length);
  let bytes = files[index];
  for (let n = 1 + upTo(chance, 3); n > 0; n--) {
    if (bytes.length === 0) break;
    bytes = MUTATIONS[upTo(chance, MUTATIONS.length)](bytes, chance, files[upTo(chance, files.length)]);
  }
  return { index, bytes };
}
