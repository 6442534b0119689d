/** Whatever keeps Fivetran from doing what was asked. The message is one sentence for people. */
export class FivetranError extends Error {
  override name = 'FivetranError';
}

/** Nobody knows whether Fivetran did it: no answer came, or none that can be read. */
export class OutcomeUnknownError extends FivetranError {
  override name = 'UnansweredError';
}

/** Fivetran answered, and said no. */
export class RefusedError extends FivetranError {
  override name = 'RefusedError';

  /** The message without what to check. */
  readonly said: string;

  constructor(
    readonly purpose: string,
    readonly status: number,
    /** Fivetran's own code, such as `NotFound_Group`; empty when the answer had none. */
    readonly code: string,
    /** Fivetran's own words, or the first words of an answer that is not Fivetran's. */
    readonly reason: string,
  ) {
    const answer = [status, code].filter(Boolean).join(' ');
    const said = `Could not ${purpose}: Fivetran answered ${answer}${reason ? `: ${sentence(reason)}` : '.'}`;
    const hint = status === 409 && purpose !== 'create the connection' ? stateHint : hints[status];
    super([said, hint].filter(Boolean).join(' '));
    this.said = said;
  }
}

/** The run was cancelled; nothing more is sent. */
export class CancelledError extends Error {
  override name = 'CancelledError';
}

const hints: Record<number, string> = {
  401: 'Check that api_key and api_secret are a pair that is still valid.',
  403: 'Check that the role of the API key may do this in this group.',
  404: 'Check group_id and service (and connection_id, if given), and that the API key belongs to the same Fivetran account.',
  409: 'Check whether the group already has a connection of this name.',
};

const stateHint = "Look at the connection's state in the dashboard.";

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
