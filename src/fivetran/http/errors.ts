import { STATUS_CODES } from 'node:http';
import { asSentence } from '../../text/format.ts';

/** An error as data. The parts are joined where they are shown. */
export type Failure = {
  /** Full sentences for the user. */
  message: string;
  /** The error in a few words, for a heading: `403 Forbidden`, `no response`. */
  shortReason: string;
  /** What to do about it, as a sentence. */
  hint?: string | undefined;
  /** Whether it concerns the whole run: nothing more is sent for any connection. */
  endsRun?: boolean | undefined;
};

/** An error that a user can cause or must know about, as opposed to a defect of the action. */
export class StepError extends Error {
  override name = 'StepError';
  readonly shortReason: string;
  readonly hint: string | undefined;
  readonly endsRun: boolean | undefined;

  constructor({ message, shortReason, hint, endsRun }: Failure, options?: ErrorOptions) {
    super(message, options);
    this.shortReason = shortReason;
    this.hint = hint;
    this.endsRun = endsRun;
  }
}

/** A request to Fivetran failed, or its response rules out the next one. */
export class FivetranError extends StepError {
  override name = 'FivetranError';

  /** Returns this error with a text before its message. */
  after(prefix: string): FivetranError {
    return new FivetranError({ ...this, message: `${prefix}${this.message}` }, { cause: this });
  }

  /** Returns this error with another hint. */
  withHint(hint: string): FivetranError {
    return new FivetranError({ ...this, message: this.message, hint }, { cause: this });
  }

  /** Returns this error with one more sentence. */
  followedBy(sentence: string): FivetranError {
    return new FivetranError({ ...this, message: `${this.message} ${sentence}` }, { cause: this });
  }
}

/** The request may have been processed: there is no response, or none that settles it. */
export class OutcomeUnknownError extends FivetranError {
  override name = 'OutcomeUnknownError';

  /** The error once a later read has told what is known. */
  settledBy(sentence: string): FivetranError {
    return new FivetranError({ ...this, message: `${this.message} ${sentence}` }, { cause: this });
  }

  override followedBy(sentence: string): OutcomeUnknownError {
    return new OutcomeUnknownError(
      { ...this, message: `${this.message} ${sentence}` },
      { cause: this },
    );
  }
}

/** What is known of a refusal. */
type Refusal = {
  /** As it stands after "Could not". */
  purpose: string;
  status: number;
  /** Fivetran's own code, such as `NotFound_Group`; empty when the response had none. */
  code: string;
  /** Fivetran's own words, or the first words of a response that is not Fivetran's. */
  reason: string;
  /** What to check after a 409. */
  conflictHint: string;
};

/** Fivetran answered with a refusal. */
export class RefusedError extends FivetranError {
  override name = 'RefusedError';
  readonly status: number;
  readonly code: string;

  constructor({ purpose, status, code, reason, conflictHint }: Refusal) {
    const response = [status, code].filter(Boolean).join(' ');
    super({
      message: `Could not ${purpose}: Fivetran answered ${response}${reason ? `: ${asSentence(reason)}` : '.'}`,
      shortReason: statusLine(status),
      hint: status === 409 ? conflictHint : hints[status],
      endsRun: status === 401 ? true : undefined,
    });
    this.status = status;
    this.code = code;
  }

  /**
   * Whether Fivetran itself reported that the resource does not exist. A 404 without such a code
   * comes from a proxy or a wrong path, and proves nothing.
   */
  get isNotFound(): boolean {
    return this.status === 404 && this.code.startsWith('NotFound_');
  }
}

/** `401 Unauthorized` */
export const statusLine = (status: number): string =>
  [status, STATUS_CODES[status]].filter(Boolean).join(' ');

/** The run was cancelled; nothing more is sent. */
export class CancelledError extends StepError {
  override name = 'CancelledError';

  constructor(message = 'The run was cancelled.', options?: ErrorOptions) {
    super({ message, shortReason: 'cancelled' }, options);
  }

  /** Returns this error with a text before its message. */
  after(prefix: string): CancelledError {
    return new CancelledError(`${prefix}${this.message}`, { cause: this });
  }

  /** Returns this error with one more sentence. */
  followedBy(sentence: string): CancelledError {
    return new CancelledError(`${this.message} ${sentence}`, { cause: this });
  }
}

/** The API key is not accepted, so no other request will be either. */
export const keyRejected: Failure = {
  message: 'Fivetran rejected the API key (401 Unauthorized).',
  shortReason: statusLine(401),
  hint: 'Check that api_key and api_secret belong together and are still valid.',
  endsRun: true,
};

const hints: Record<number, string | undefined> = {
  401: keyRejected.hint,
  403: "Check that the API key's role has permission in this group.",
  404: 'Check group_id, service, and connection_id, and that the API key belongs to the right Fivetran account.',
};
