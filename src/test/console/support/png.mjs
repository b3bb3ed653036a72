// Makes pictures of pages small: few colours are in them, so that a palette of the most frequent ones is enough.
import {deflateSync, inflateSync} from 'node:zlib';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const COLOURS = 256;

function* chunks(png) {
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    yield {type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length)};
    at += length + 12;
  }
}

const TABLE = Uint32Array.from({length: 256}, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ n >>> 1 : n >>> 1;
  return n >>> 0;
});

function chunk(type, data) {
  const made = Buffer.alloc(data.length + 12);
  made.writeUInt32BE(data.length, 0);
  made.write(type, 4, 'latin1');
  data.copy(made, 8);
  let crc = 0xffffffff;
  for (let at = 4; at < data.length + 8; at++) crc = TABLE[(crc ^ made[at]) & 255] ^ crc >>> 8;
  made.writeUInt32BE((crc ^ 0xffffffff) >>> 0, data.length + 8);
  return made;
}

/** The pixels of a picture without transparency as Chromium writes it, three or four bytes each. */
function pixels(png) {
  const parts = [...chunks(png)];
  const head = parts.find(part => part.type === 'IHDR').data;
  const [width, height, depth, kind] = [head.readUInt32BE(0), head.readUInt32BE(4), head[8], head[9]];
  if (depth !== 8 || (kind !== 2 && kind !== 6) || head[12]) return null;
  const size = kind === 2 ? 3 : 4;
  const row = width * size;
  const packed = inflateSync(Buffer.concat(parts.filter(part => part.type === 'IDAT').map(part => part.data)));
  const made = Buffer.alloc(row * height);
  for (let y = 0; y < height; y++) {
    const filter = packed[y * (row + 1)];
    for (let x = 0; x < row; x++) {
      const at = y * row + x;
      const left = x >= size ? made[at - size] : 0;
      const up = y ? made[at - row] : 0;
      const corner = x >= size && y ? made[at - row - size] : 0;
      const guess = left + up - corner;
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      const before = [0, left, up, left + up >> 1, a <= b && a <= c ? left : b <= c ? up : corner][filter];
      made[at] = packed[y * (row + 1) + 1 + x] + before;
    }
  }
  return {width, height, size, data: made};
}

/** The same picture with at most 256 colours: the most frequent as they are, the others as the nearest of these. */
export function smaller(png) {
  const image = pixels(png);
  if (!image) return png;
  const {width, height, size, data} = image;
  const counts = new Map();
  for (let at = 0; at < data.length; at += size) {
    const colour = data[at] << 16 | data[at + 1] << 8 | data[at + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const chosen = [];
  const isNear = (one, other, most) => {
    const [r, g, b] = [(one >> 16) - (other >> 16), (one >> 8 & 255) - (other >> 8 & 255), (one & 255) - (other & 255)];
    return r * r + g * g + b * b < most;
  };
  // what is nearly a colour that was chosen needs no place of its own, unless there is room
  for (const most of [150, 40, 8, 1]) {
    for (const [colour] of [...counts].sort((one, other) => other[1] - one[1])) {
      if (chosen.length === COLOURS) break;
      if (!chosen.some(other => isNear(colour, other, most))) chosen.push(colour);
    }
  }
  const places = new Map(chosen.map((colour, place) => [colour, place]));
  const nearest = colour => {
    let best = 0;
    let least = Infinity;
    for (const [place, other] of chosen.entries()) {
      const [r, g, b] = [(colour >> 16) - (other >> 16), (colour >> 8 & 255) - (other >> 8 & 255), (colour & 255) - (other & 255)];
      const far = r * r + g * g + b * b;
      if (far < least) [best, least] = [place, far];
    }
    places.set(colour, best);
    return best;
  };
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * size;
      const colour = data[at] << 16 | data[at + 1] << 8 | data[at + 2];
      lines[y * (width + 1) + 1 + x] = places.get(colour) ?? nearest(colour);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const palette = Buffer.from(chosen.flatMap(colour => [colour >> 16, colour >> 8 & 255, colour & 255]));
  const made = Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('PLTE', palette),
    chunk('IDAT', deflateSync(lines, {level: 9})), chunk('IEND', Buffer.alloc(0))]);
  return made.length < png.length ? made : png;
}
