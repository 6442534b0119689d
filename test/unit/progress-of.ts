import { initialState, type State } from '../../src/connection/state.ts';
import { readConnection } from '../../src/fivetran/answers.ts';

/** What is known of a connection that was created and answered like this. */
export function progressOf(answer: object, more: Partial<State> = {}): State {
  const spec = { group_id: 'decent_dropsy', service: '15five', config: { schema: 'crm' } };
  return {
    ...initialState(spec, () => {}),
    result: 'created',
    connection: readConnection({ id: 'open_mosaic', ...answer }),
    ...more,
  };
}
