import { STATUS_CODES } from 'node:http';
import { asSentence } from '../../text/format.ts';

/** What reports show apart from the message. */
type ErrorParts = ErrorOptions & {
  /** The error in a few words, for a heading. */
  brief?: string | undefined;
  /** What to do about it; ends the message. */
  hint?: string | undefined;
};

/** A request to Fivetran failed. The message consists of full sentences for the user. */
export class FivetranError extends Error {
  override name = 'FivetranError';
  readonly brief: string | undefined;
  readonly hint: string | undefined;

  constructor(
    readonly messageWithoutHint: string,
    { brief, hint, ...options }: ErrorParts = {},
  ) {
    super(hint ? `${messageWithoutHint} ${hint}` : messageWithoutHint, options);
    this.brief = brief;
    this.hint = hint;
  }
}

/** The request may have been processed: there is no answer, or none that settles it. */
export class OutcomeUnknownError extends FivetranError {
  override name = 'OutcomeUnknownError';
}

/** Fivetran answered with a refusal. */
export class RefusedError extends FivetranError {
  override name = 'RefusedError';

  /**
   * @param purpose as it stands after "Could not"
   * @param code Fivetran's own code, such as `NotFound_Group`; empty when the answer had none
   * @param reason Fivetran's own words, or the first words of an answer that is not Fivetran's
   * @param conflictHint what to check after a 409
   */
  constructor(
    readonly purpose: string,
    readonly status: number,
    readonly code: string,
    readonly reason: string,
    conflictHint: string,
  ) {
    const answer = [status, code].filter(Boolean).join(' ');
    const message = `Could not ${purpose}: Fivetran answered ${answer}${reason ? `: ${asSentence(reason)}` : '.'}`;
    super(message, {
      brief: statusLine(status),
      hint: status === 409 ? conflictHint : hints[status],
    });
  }

  /**
   * Whether Fivetran itself reported that the resource does not exist. A 404 without such a code comes
   * from a proxy or a wrong path, and proves nothing.
   */
  get isNotFound(): boolean {
    return this.status === 404 && this.code.startsWith('NotFound_');
  }
}

/** `401 Unauthorized` */
export const statusLine = (status: number): string =>
  [status, STATUS_CODES[status]].filter(Boolean).join(' ');

/** The run was cancelled; nothing more is sent. */
export class CancelledError extends Error {
  override name = 'CancelledError';
}

const hints: Record<number, string> = {
  401: 'Check that api_key and api_secret belong together and are still valid.',
  403: "Check that the API key's role has permission in this group.",
  404: 'Check group_id, service and connection_id, and that the API key belongs to the right Fivetran account.',
};
