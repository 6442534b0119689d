import { type Converged, converging, type Setting } from './converging.ts';

/** A rehearsal, and what its summary lists. */
export type Rehearsed = Converged & { problems: string[]; warnings: string[]; plan: string[] };

/** Only rehearses; whatever it meets, it sends nothing that changes anything. */
export async function rehearsing({ spec, ...setting }: Setting): Promise<Rehearsed> {
  const run = await converging({ ...setting, spec: { ...spec, dry_run: true } });
  expect(run.requests.map(({ method }) => method)).toEqual(run.requests.map(() => 'GET'));
  expect(run.outputs.result).toBe('planned');
  return {
    ...run,
    problems: listed(run.summary, 'What would make it fail'),
    warnings: listed(run.summary, 'What to know'),
    plan: listed(run.summary, 'What a real run would do'),
  };
}

/** The items of the list that stands under a heading of a summary. */
function listed(summary: string, heading: string): string[] {
  const [, list = ''] = summary.split(`<h3>${heading}</h3>\n\n<ul>`);
  const [items = ''] = list.split('</ul>');
  const plain = items.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  return [...plain.matchAll(/<li>(.*?)<\/li>/g)].map(([, item = '']) => item);
}
