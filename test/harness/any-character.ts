import fc from 'fast-check';

const surrogates = 0x800;

/**
 * Any character, as the unit of `fc.string`: the same as 'binary', which spends a second on a table of
 * all of Unicode in each test file.
 */
export const anyCharacter = fc.integer({ min: 0, max: 0x10_ffff - surrogates }).map(
  (at) => String.fromCodePoint(at < 0xd800 ? at : at + surrogates),
  (text) => {
    const code = String(text).codePointAt(0) ?? 0;
    return code < 0xd800 ? code : code - surrogates;
  },
);
