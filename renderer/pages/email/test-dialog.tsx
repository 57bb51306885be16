import { useState } from 'react';
import { addressFault } from '../../../shared/address.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Findings } from '../../components/findings.tsx';
import { Select } from '../../components/select.tsx';
import { TestResult } from '../../components/test-result.tsx';
import { TestStages } from '../../components/test-stages.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useFindings } from '../../hooks/use-findings.ts';
import { type TestRequest, useMailTest } from '../../hooks/use-mail-test.ts';
import { sentenceOf } from '../../model/fault-text.ts';
import { MAIL_TEST, runningText, trustedText } from '../../strings/mail-test.ts';

/** A way out that can be tested. */
export interface TestWay {
  readonly id: string;
  readonly label: string;
  /** Null: not by SMTP. */
  readonly security: 'none' | 'starttls' | 'tls' | null;
  readonly request: Omit<TestRequest, 'to'>;
  /** Enters a certificate to trust into the form; left out where there is none. */
  readonly trust?: (fingerprint: string) => void;
}

export interface TestDialogProps {
  readonly ways: readonly TestWay[];
  readonly firstWay: string;
  readonly firstTo: string;
  readonly onClose: () => void;
}

/** Asks for an address, sends a test message to it, and tells each stage as it happens (K6, C5, C6). */
export function TestDialog({ ways, firstWay, firstTo, onClose }: TestDialogProps) {
  const [to, setTo] = useState(firstTo);
  const [wayId, setWayId] = useState(firstWay);
  const [wasTried, setTried] = useState(false);
  /** To whom the test went that is shown. */
  const [sentTo, setSentTo] = useState('');
  /** The way whose certificate was just entered into the form. */
  const [trusted, setTrusted] = useState<string | null>(null);
  const test = useMailTest();
  const { findings, ...sender } = useFindings();
  const way = ways.find(({ id }) => id === wayId) ?? ways[0];
  const fault = addressFault(to.trim());
  const send = () => {
    setTried(true);
    if (fault !== null || way === undefined || test.isRunning) return;
    setSentTo(to.trim());
    setTrusted(null);
    const { via, server, from } = way.request;
    if (via === 'smtp') sender.ask({ ...(server === undefined ? {} : { server }), from });
    void test.run({ ...way.request, to: to.trim() });
  };
  const forget = () => {
    test.reset();
    sender.reset();
    setTrusted(null);
  };
  const enter = way?.trust;
  const trust =
    way === undefined || enter === undefined
      ? undefined
      : (fingerprint: string) => {
          enter(fingerprint);
          forget();
          setTrusted(way.label);
        };
  const banner =
    test.report !== null ? (
      <TestResult to={sentTo} report={test.report} onTrust={trust} />
    ) : test.failure !== null ? (
      <Banner state="critical" isUrgent>
        {test.failure}
      </Banner>
    ) : (
      trusted !== null && (
        <Banner state="unknown" isUrgent>
          {trustedText(trusted)}
        </Banner>
      )
    );
  return (
    <Dialog
      title={MAIL_TEST.title}
      isOpen
      onClose={onClose}
      size="wide"
      banner={banner === false ? undefined : <div className="test-banner">{banner}</div>}
      footer={<Button onPress={onClose}>{MAIL_TEST.close}</Button>}
    >
      <form
        className="test-form"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <div className="test-form-fields">
          <TextField
            label={MAIL_TEST.to}
            type="email"
            value={to}
            onChange={setTo}
            autoFocus
            fault={wasTried && fault !== null ? sentenceOf(fault) : null}
          />
          <Select
            label={MAIL_TEST.through}
            value={way?.id ?? null}
            onChange={(id) => {
              setWayId(id);
              forget();
            }}
            options={ways.map(({ id, label }) => ({ value: id, label }))}
            isDisabled={test.isRunning}
          />
        </div>
        <Button type="submit" look="primary" isPending={test.isRunning}>
          {test.report === null && test.failure === null ? MAIL_TEST.send : MAIL_TEST.sendAgain}
        </Button>
        <p className="small muted test-form-note">{MAIL_TEST.unsaved}</p>
      </form>
      {(test.isRunning || test.stages.length > 0) && (
        <TestStages
          stages={test.stages}
          running={test.isRunning ? runningText(test.stages, way?.security ?? null) : null}
          isBrief
        />
      )}
      {test.report !== null && <Findings findings={findings} />}
    </Dialog>
  );
}
