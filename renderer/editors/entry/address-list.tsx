import { StateMark } from '../../components/state-mark.tsx';
import { EDITOR } from '../../strings/editor.ts';

/** Whom an entry tells, in one line of a list: the first, and how many more. Nobody is a warning. */
export function AddressList({ addresses }: { readonly addresses: readonly string[] }) {
  const [first, ...others] = addresses;
  if (first === undefined) return <StateMark state="warning" word={EDITOR.nobody} />;
  return (
    <span className="address-list" title={addresses.join('\n')}>
      <span className="cut">{first}</span>
      {others.length > 0 && <span className="muted address-more">and {others.length} more</span>}
    </span>
  );
}
