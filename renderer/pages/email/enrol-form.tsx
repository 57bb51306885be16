import { useState } from 'react';
import { relayUrlFault } from '../../../shared/contract/relay-url.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { TextField } from '../../components/text-field.tsx';
import { tellDone } from '../../components/toast.tsx';
import { useCall } from '../../hooks/use-call.ts';
import { sentenceOf } from '../../model/fault-text.ts';
import { RELAY } from '../../strings/email.ts';

export interface EnrolFormProps {
  readonly isAgain: boolean;
  readonly firstUrl: string;
  readonly onEnrolled: () => void;
  readonly onCancel?: () => void;
}

/** Registers this computer with a Web Service by a one-time code. It takes effect at once, without Save. */
export function EnrolForm({ isAgain, firstUrl, onEnrolled, onCancel }: EnrolFormProps) {
  const [url, setUrl] = useState(firstUrl);
  const [code, setCode] = useState('');
  const [ca, setCa] = useState('');
  const [wasTried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { run, isPending } = useCall('relay.enroll', setRefusal);
  const urlFault = relayUrlFault(url.trim());
  const isComplete = urlFault === null && code.trim() !== '';
  const enrol = async () => {
    setTried(true);
    setRefusal(null);
    if (!isComplete) return;
    const reply = await run({ url: url.trim(), code: code.trim(), ca: ca.trim() === '' ? null : ca });
    if (reply === null) return;
    if (reply.outcome === 'refused') {
      setRefusal(reply.sentence);
      return;
    }
    setCode('');
    setTried(false);
    tellDone(RELAY.enrolled);
    onEnrolled();
  };
  return (
    <Card title={isAgain ? RELAY.enrolAgain : RELAY.enrol}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void enrol();
        }}
      >
        <p className="muted">{isAgain ? RELAY.enrolAgainWhy : RELAY.enrolWhy}</p>
        {refusal !== null && (
          <Banner state="critical" isUrgent>
            {refusal}
          </Banner>
        )}
        <div className="fields">
          <TextField
            label={RELAY.url}
            type="url"
            value={url}
            onChange={setUrl}
            placeholder={RELAY.urlExample}
            fault={wasTried && urlFault !== null ? sentenceOf(urlFault) : null}
          />
          <TextField
            label={RELAY.code}
            value={code}
            onChange={setCode}
            fault={wasTried && code.trim() === '' ? 'Enter the code that the provider gave you.' : null}
          />
        </div>
        <TextField label={RELAY.ca} value={ca} onChange={setCa} multiline note={RELAY.caNote} />
        <div className="row">
          <Button type="submit" look="primary" isPending={isPending}>
            {RELAY.enrolButton}
          </Button>
          {onCancel !== undefined && <Button onPress={onCancel}>Cancel</Button>}
        </div>
      </form>
    </Card>
  );
}
