import { TextField } from '../ui/fields.tsx';
import type { ErrorAt } from '../ui/form.tsx';

interface AddressPairProps<Name extends string> {
  /** Of each member of the body that is an address. */
  labels: Record<Name, string>;
  value: Record<NoInfer<Name>, string>;
  errorAt: ErrorAt;
  onChange: (name: Name, address: string) => void;
}

/** Two addresses side by side: one and what it stands for, or from where to where. */
export function AddressPair<Name extends string>({
  labels,
  value,
  errorAt,
  onChange,
}: AddressPairProps<Name>) {
  return (
    <div class="two">
      {(Object.keys(labels) as Name[]).map((name) => (
        <TextField
          key={name}
          label={labels[name]}
          type="url"
          dir="ltr"
          required
          error={errorAt(`/${name}`)}
          value={value[name]}
          onText={(text) => onChange(name, text)}
        />
      ))}
    </div>
  );
}
