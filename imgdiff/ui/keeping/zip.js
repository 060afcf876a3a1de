/** A ZIP archive of files as they are: what a review file is made of. */

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

/** The checksum of ZIP and PNG. @param {Uint8Array} data */
export function crc32(data) {
  let value = 0xffffffff;
  for (const byte of data) value = TABLE[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** Numbers of 2 or 4 bytes, low byte first; each as [size, value]. */
function numbers(...parts) {
  const data = new DataView(new ArrayBuffer(parts.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of parts) {
    if (size === 2) data.setUint16(at, value, true);
    else data.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(data.buffer);
}

/** What stands before a file, and again in the list at the end; 1980 is the earliest date there is. */
const facts = (name, data) => [
  [2, 20], [2, 0], [2, 0], [2, 0], [2, 33], [4, crc32(data)], [4, data.length], [4, data.length], [2, name.length], [2, 0],
];

/**
 * @param {Record<string, Uint8Array>} files By names of ASCII.
 * @returns {Uint8Array[]} The parts of the archive, in order.
 */
export function zipped(files) {
  const parts = [];
  const list = [];
  let at = 0;
  for (const [name, data] of Object.entries(files)) {
    const told = new TextEncoder().encode(name);
    const head = numbers([4, 0x04034b50], ...facts(told, data));
    list.push(numbers([4, 0x02014b50], [2, 20], ...facts(told, data), [2, 0], [2, 0], [2, 0], [4, 0], [4, at]), told);
    parts.push(head, told, data);
    at += head.length + told.length + data.length;
  }
  const length = list.reduce((sum, part) => sum + part.length, 0);
  const count = Object.keys(files).length;
  return [...parts, ...list, numbers([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, length], [4, at], [2, 0])];
}
