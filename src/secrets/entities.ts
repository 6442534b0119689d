/** Names of characters in HTML, by the code of the first in a row of them. */
const rows: Record<number, string> = {
  9: 'Tab NewLine',
  33: 'excl quot num dollar percnt amp apos lpar rpar ast plus comma',
  46: 'period sol',
  58: 'colon semi lt equals gt quest commat',
  91: 'lsqb bsol rsqb Hat lowbar grave',
  123: 'lcub verbar rcub',
  160:
    'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn ' +
    'sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave ' +
    'Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ' +
    'ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN ' +
    'szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute ' +
    'icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml ' +
    'yacute thorn yuml',
  256:
    'Amacr amacr Abreve abreve Aogon aogon Cacute cacute Ccirc ccirc Cdot cdot Ccaron ccaron ' +
    'Dcaron dcaron Dstrok dstrok Emacr emacr - - Edot edot Eogon eogon Ecaron ecaron Gcirc ' +
    'gcirc Gbreve gbreve Gdot gdot Gcedil - Hcirc hcirc Hstrok hstrok Itilde itilde Imacr imacr ' +
    '- - Iogon iogon Idot imath IJlig ijlig Jcirc jcirc Kcedil kcedil kgreen Lacute lacute ' +
    'Lcedil lcedil Lcaron lcaron Lmidot lmidot Lstrok lstrok Nacute nacute Ncedil ncedil Ncaron ' +
    'ncaron napos ENG eng Omacr omacr - - Odblac odblac OElig oelig Racute racute Rcedil rcedil ' +
    'Rcaron rcaron Sacute sacute Scirc scirc Scedil scedil Scaron scaron Tcedil tcedil Tcaron ' +
    'tcaron Tstrok tstrok Utilde utilde Umacr umacr Ubreve ubreve Uring uring Udblac udblac ' +
    'Uogon uogon Wcirc wcirc Ycirc ycirc Yuml Zacute zacute Zdot zdot Zcaron zcaron',
  402: 'fnof',
  710: 'circ',
  732: 'tilde',
  913:
    'Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho - Sigma ' +
    'Tau Upsilon Phi Chi Psi Omega',
  945:
    'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf ' +
    'sigma tau upsilon phi chi psi omega',
  977: 'thetasym upsih',
  982: 'piv',
  8194: 'ensp emsp',
  8201: 'thinsp',
  8204: 'zwnj zwj lrm rlm',
  8211: 'ndash mdash',
  8216: 'lsquo rsquo sbquo',
  8220: 'ldquo rdquo bdquo',
  8224: 'dagger Dagger bull',
  8230: 'hellip',
  8240: 'permil',
  8242: 'prime Prime',
  8249: 'lsaquo rsaquo',
  8254: 'oline',
  8260: 'frasl',
  8364: 'euro',
  8465: 'image',
  8472: 'weierp',
  8476: 'real',
  8482: 'trade',
  8501: 'alefsym',
  8592: 'larr uarr rarr darr harr',
  8629: 'crarr',
  8656: 'lArr uArr rArr dArr hArr',
  8704: 'forall - part exist - empty - nabla isin notin - ni',
  8719: 'prod - sum minus',
  8727: 'lowast',
  8730: 'radic',
  8733: 'prop infin',
  8736: 'ang',
  8743: 'and or cap cup int',
  8756: 'there4',
  8764: 'sim',
  8773: 'cong',
  8776: 'asymp',
  8800: 'ne equiv',
  8804: 'le ge',
  8834: 'sub sup nsub - sube supe',
  8853: 'oplus - otimes',
  8869: 'perp',
  8901: 'sdot',
  8968: 'lceil rceil lfloor rfloor',
  9001: 'lang rang',
  9674: 'loz',
  9824: 'spades - - clubs - hearts diams',
};

/** Further names of the same characters. */
const others: Record<string, string> = {
  lbrack: '[',
  rbrack: ']',
  lbrace: '{',
  rbrace: '}',
  vert: '|',
  VerticalLine: '|',
  UnderBar: '_',
  DiacriticalGrave: '`',
  midast: '*',
  NonBreakingSpace: '\u00a0',
};

const named = new Map<string, string>([
  ...Object.entries(others),
  ...Object.entries(rows).flatMap(([first, names]) =>
    names
      .split(' ')
      .map((name, at): [string, string] => [name, String.fromCodePoint(Number(first) + at)]),
  ),
]);

/**
 * The character that HTML calls by a name, in any case where only one has it: `amp`, `AMP`,
 * `auml`, `Auml`. Knows all names of HTML 4, and of characters in ASCII and the Latin alphabets;
 * undefined for others.
 */
export const characterNamed = (name: string): string | undefined =>
  named.get(name) ?? named.get(name.toLowerCase());
