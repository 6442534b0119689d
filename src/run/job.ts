import type { Connection } from '../fivetran/answers.ts';
import type { Redactor } from '../secrets/redactor.ts';

/**
 * Makes the listener to a connection's answers: hides each connect card, and tells the id as soon as
 * there is one.
 */
export function firstSight(
  { mask }: Redactor,
  tell: (id: string) => void,
): (connection: Connection) => void {
  let seen = false;
  return ({ id, connect_card }) => {
    for (const secret of [connect_card.token, connect_card.uri]) if (secret) mask(secret);
    if (!seen) tell(id);
    seen = true;
  };
}
