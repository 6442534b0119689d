import { type Progress, startProgress } from '../../src/connection/progress.ts';
import { readConnection } from '../../src/fivetran/answers.ts';

/** What is known of a connection that was created and answered like this. */
export function progressOf(answer: object, more: Partial<Progress> = {}): Progress {
  const wish = { group_id: 'decent_dropsy', service: '15five', config: { schema: 'crm' } };
  return {
    ...startProgress(wish, () => {}),
    result: 'created',
    connection: readConnection({ id: 'open_mosaic', ...answer }),
    ...more,
  };
}
