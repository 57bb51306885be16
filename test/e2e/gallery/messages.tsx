import { useState } from 'react';
import type { TestStage } from '../../../shared/contract/ipc.ts';
import { Banner } from '../../../renderer/components/banner.tsx';
import { Button, IconButton } from '../../../renderer/components/button.tsx';
import { Card } from '../../../renderer/components/card.tsx';
import { ConfirmDialog } from '../../../renderer/components/dialog.tsx';
import { MailFrame } from '../../../renderer/components/mail-frame.tsx';
import { Menu } from '../../../renderer/components/menu.tsx';
import { PageHeader } from '../../../renderer/components/page-header.tsx';
import { StateMark } from '../../../renderer/components/state-mark.tsx';
import { TestStages } from '../../../renderer/components/test-stages.tsx';
import { tellDone, tellFailed } from '../../../renderer/components/toast.tsx';

const STAGE: TestStage = {
  stage: 'dns',
  title: 'Name resolved',
  outcome: 'ok',
  detail: 'mail.contoso.example → 192.0.2.10',
  durationMs: 3,
  reply: null,
  code: null,
  sentence: null,
  cause: null,
  mend: null,
  facts: {
    kind: 'dns',
    asked: 'system',
    nameServers: ['192.0.2.53'],
    ipv4: ['192.0.2.10'],
    ipv6: [],
  },
};

const STAGES: readonly TestStage[] = [
  STAGE,
  { ...STAGE, stage: 'connect', title: 'Connected', detail: 'port 587', durationMs: 18, facts: null },
  {
    ...STAGE,
    stage: 'auth',
    facts: { kind: 'auth', offered: ['PLAIN', 'XOAUTH2'], tried: 'PLAIN' },
    title: 'Login refused',
    outcome: 'failed',
    detail: '',
    reply: '535 5.7.139 Authentication unsuccessful',
    sentence: 'The server refused the user name or the password.',
    cause: 'Microsoft 365 has switched off passwords for SMTP in this organisation.',
    mend: 'Sign in with Microsoft instead.',
  },
  { ...STAGE, stage: 'data', title: 'Message', outcome: 'skipped', detail: 'not tried', facts: null },
];

export function Messages() {
  const [asks, setAsks] = useState(false);
  const [undone, setUndone] = useState(false);
  return (
    <>
      <PageHeader
        title="A page"
        action={
          <>
            <Menu
              label="Pause monitoring"
              buttonText="Pause"
              actions={[{ id: 'hour', label: 'For 1 hour', onAction: () => {} }]}
            />
            <Button look="primary">Send report</Button>
          </>
        }
      />
      <Card title="States">
        <div className="row">
          <StateMark state="ok" word="All right" />
          <StateMark state="warning" word="Warning" />
          <StateMark state="critical" word="Critical" />
          <StateMark state="unknown" word="Unknown" />
          <StateMark state="paused" word="Paused" />
        </div>
        <Banner state="paused" actions={<Button>Resume</Button>}>
          Monitoring is paused.
        </Banner>
        <Banner state="warning">A server is down.</Banner>
        <Banner state="critical">No mail server takes mail now.</Banner>
      </Card>
      <Card title="Buttons">
        <div className="row">
          <Button onPress={() => tellDone('“Old alert” was removed.', () => setUndone(true))}>Remove</Button>
          <Button look="danger" onPress={() => setAsks(true)}>
            Ask first
          </Button>
          <Button look="quiet" onPress={() => tellFailed('The server did not answer.')}>
            Fail
          </Button>
          <Button isDisabled>Not now</Button>
          <Button look="primary" isDisabled>
            Save
          </Button>
          <IconButton icon="plus" label="Add" />
          {undone && <span>Undone</span>}
        </div>
      </Card>
      <Card title="Test">
        <TestStages stages={STAGES} running="Handing over the message" />
      </Card>
      <Card title="Mail">
        <MailFrame src="./mail.html" title="Disk nearly full" />
      </Card>
      <ConfirmDialog
        title="Remove “Old alert”?"
        isOpen={asks}
        confirm="Remove"
        isDanger
        onConfirm={() => setAsks(false)}
        onCancel={() => setAsks(false)}
      >
        What it has mailed stays in the delivery log.
      </ConfirmDialog>
    </>
  );
}
