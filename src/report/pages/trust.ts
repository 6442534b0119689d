import { failedTests } from '../../connection/setup/grade.ts';
import { identityWords, type Untrusted } from '../../fivetran/fingerprint.ts';
import { pluralize, truncate } from '../../text/format.ts';
import { code, escapePre, paragraph } from '../markup/html.ts';
import type { Origin } from '../verdict/next-steps.ts';
import type { Report } from '../verdict/report.ts';
import { untrustedBy } from '../verdict/untrusted.ts';

/** Fingerprints of one kind that are shown. */
const maxFingerprints = 20;

/** The host keys and certificates that are not trusted yet, visible, with YAML to paste. */
export const trustSections = ({ outcome, spec, origin }: Report): string[] =>
  untrustedBy(spec, failedTests(outcome.connection)).flatMap((untrusted) => [
    paragraph(introduction(untrusted)),
    `<pre>${escapePre(pinYaml(untrusted, origin))}</pre>`,
  ]);

function introduction({ kind, fingerprints, isMismatch }: Untrusted): string {
  const { noun, input } = identityWords[kind];
  const count = fingerprints.length;
  const presented = count === 1 ? `this ${noun}` : `these ${pluralize(count, noun)}`;
  return isMismatch
    ? `The server presented ${presented}, which ${code(input)} does not list:`
    : `The server presented ${presented}, which ${count === 1 ? 'is' : 'are'} not trusted yet:`;
}

/** `trusted_fingerprints`, ready to paste: an input takes text, a manifest's entry a list. */
function pinYaml({ kind, fingerprints }: Untrusted, origin: Origin): string {
  const { input } = identityWords[kind];
  const pins = fingerprints.slice(0, maxFingerprints).map((pin) => truncate(pin, 200));
  const [first = ''] = pins;
  if (origin === 'manifest') return [`${input}:`, ...pins.map((pin) => `  - ${pin}`)].join('\n');
  // A longer line would not fit on a narrow page.
  if (pins.length === 1 && first.length <= 60) return `${input}: ${first}`;
  return [`${input}: |`, ...pins.map((pin) => `  ${pin}`)].join('\n');
}
