import { useState } from 'react';
import { Card } from '../../../renderer/components/card.tsx';
import { Checkbox, RadioGroup, Switch } from '../../../renderer/components/choices.tsx';
import { NumberField } from '../../../renderer/components/number-field.tsx';
import { ComboBox, Select } from '../../../renderer/components/select.tsx';
import { Tabs } from '../../../renderer/components/tabs.tsx';
import { TagInput } from '../../../renderer/components/tag-input.tsx';
import { TextField } from '../../../renderer/components/text-field.tsx';

type Security = 'none' | 'starttls' | 'tls';

export function Fields() {
  const [text, setText] = useState('mail.contoso.example');
  const [port, setPort] = useState<number | null>(587);
  const [security, setSecurity] = useState<Security>('starttls');
  const [format, setFormat] = useState<'installation' | 'html' | 'text'>('installation');
  const [target, setTarget] = useState('/');
  const [on, setOn] = useState(true);
  const [addresses, setAddresses] = useState<readonly string[]>(['it@contoso.example']);
  return (
    <Card title="Fields">
      <Tabs
        label="Kinds of fields"
        items={[
          {
            id: 'text',
            title: 'Text',
            faults: 2,
            content: (
              <div className="groups">
                <TextField label="Mail server" value={text} onChange={setText} note="Name or IP address." />
                <TextField label="Wrong" value="a b" onChange={() => {}} fault="contains a space" />
                <TextField
                  label="Subject"
                  value=""
                  onChange={() => {}}
                  isDisabled
                  note="Not used with override."
                />
                <TextField label="Body" value="" onChange={() => {}} multiline />
                <NumberField label="Port" value={port} onChange={setPort} minValue={1} maxValue={65_535} />
                <NumberField label="Hold time" value={null} onChange={() => {}} unit="min" fault="is empty" />
              </div>
            ),
          },
          {
            id: 'choices',
            title: 'Choices',
            content: (
              <div className="groups">
                <Select
                  label="Connection security"
                  value={security}
                  onChange={setSecurity}
                  options={[
                    { value: 'none', label: 'None' },
                    { value: 'starttls', label: 'STARTTLS', hint: 'port 587' },
                    { value: 'tls', label: 'TLS', hint: 'port 465' },
                  ]}
                />
                <ComboBox
                  label="Disk"
                  value={target}
                  onChange={setTarget}
                  options={['/', '/home', '/var'].map((value) => ({ value, label: value }))}
                />
                <RadioGroup
                  label="Format"
                  value={format}
                  onChange={setFormat}
                  options={[
                    { value: 'installation', label: 'As the installation' },
                    { value: 'html', label: 'HTML', note: 'With a text alternative.' },
                    { value: 'text', label: 'Plain text', isDisabled: true },
                  ]}
                />
                <Checkbox label="Enabled" isSelected={on} onChange={setOn} note="It is checked." />
                <Checkbox label="Cannot be chosen" isSelected isDisabled onChange={() => {}} />
                <Switch label="Active" isSelected={on} onChange={setOn} />
              </div>
            ),
          },
          {
            id: 'lists',
            title: 'Recipients',
            content: <TagInput label="Recipients" values={addresses} onChange={setAddresses} />,
          },
        ]}
      />
    </Card>
  );
}
