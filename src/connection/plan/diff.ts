import { namesSecret } from '../../secrets/secret-names.ts';
import { isMapping, type Mapping, valueAt } from '../../text/mapping.ts';
import { isEmpty, isMask, matches } from './matches.ts';

/**
 * A field whose value differs from the wanted one. `shown`: whether its values are (`values`), only
 * that it changes (`name`: a value that is or may be a secret), or that it is sent again because
 * Fivetran does not show it (`sent-again`).
 */
export type FieldChange = {
  field: string;
  from: unknown;
  to: unknown;
  shown: 'values' | 'name' | 'sent-again';
  /** Whether only secrets make it differ. */
  isSecret?: boolean | undefined;
};

/** How the fields of one mapping are compared. */
export type Comparison = {
  /** Stands before the fields' names: `config.`. */
  prefix?: string;
  /** Whether all values are secrets, whatever their names. */
  areSecret?: boolean;
  /** Whether a field's value came through `${NAME}`, so that it is never shown. */
  isHidden?: (field: string) => boolean;
};

/** The wanted fields that the actual mapping lacks or has with another value. */
export function fieldChanges(
  wanted: Mapping,
  actual: Mapping,
  { prefix = '', areSecret = false, isHidden = () => false }: Comparison = {},
): FieldChange[] {
  return Object.entries(wanted).flatMap(([name, to]): FieldChange[] => {
    const from = valueAt(actual, name);
    if (matches(to, from)) return [];
    const isNamedSecret = areSecret || namesSecret(name);
    const isSecret = isNamedSecret || (!isEmpty(from) && matches(to, from, 'ignored'));
    const mayShow = !isNamedSecret && !holdsSecret(to) && !holdsMask(from) && !isHidden(name);
    const isUnseen = isSecret && (isEmpty(from) || holdsMask(from) || !isNamedSecret);
    const shown = mayShow ? 'values' : isUnseen ? 'sent-again' : 'name';
    return [{ field: prefix + name, from, to, shown, isSecret }];
  });
}

const holdsMask = (value: unknown): boolean => isMask(value) || innerOf(value).some(holdsMask);

/** Whether a value is a mapping with a key that names a secret, or holds one. */
const holdsSecret = (value: unknown): boolean =>
  (isMapping(value) && Object.keys(value).some(namesSecret)) || innerOf(value).some(holdsSecret);

function innerOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isMapping(value) ? Object.values(value) : [];
}
