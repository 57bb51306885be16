import { useState } from 'react';
import { addressFault } from '../../../shared/address.ts';
import type { AlertSettings } from '../../../shared/contract/settings.ts';
import type { TestReport } from '../../../shared/contract/ipc.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TestStages } from '../../components/test-stages.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useCall } from '../../hooks/use-call.ts';
import { useSettings } from '../../hooks/use-settings.tsx';
import { faultSentence } from '../../model/entry-faults.ts';
import { ALERTS } from '../../strings/alerts.ts';

/** Sends one alert's mail to an address that is asked for, and shows what came of it, stage by stage. */
export function TestAlertDialog({
  alert,
  onClose,
}: {
  readonly alert: AlertSettings;
  readonly onClose: () => void;
}) {
  const { view } = useSettings();
  const [to, setTo] = useState(view?.settings.profile.emails[0] ?? alert.recipients[0] ?? '');
  const [fault, setFault] = useState<string | null>(null);
  const [report, setReport] = useState<TestReport | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const { run, isPending } = useCall('alerts.test', setFailure);
  const send = () => {
    const wrong = addressFault(to.trim());
    setFault(wrong === null ? null : faultSentence(wrong));
    if (wrong !== null) return;
    setReport(null);
    setFailure(null);
    void run({ alert, to: to.trim() }).then(setReport);
  };
  return (
    <Dialog
      title={ALERTS.testTitle}
      isOpen
      onClose={onClose}
      size="wide"
      banner={
        <div className="dialog-banner">
          {report !== null && (
            <Banner state={report.accepted ? 'ok' : 'critical'} isUrgent>
              {report.sentence}
            </Banner>
          )}
          {failure !== null && (
            <Banner state="critical" isUrgent>
              {failure}
            </Banner>
          )}
        </div>
      }
      footer={
        <>
          <Button onPress={onClose}>{ALERTS.close}</Button>
          <Button look="primary" isPending={isPending} onPress={send}>
            {ALERTS.sendTest}
          </Button>
        </>
      }
    >
      <div className="stretched">
        <TextField
          label={ALERTS.testTo}
          value={to}
          onChange={setTo}
          type="email"
          fault={fault}
          note={ALERTS.testNote}
          autoFocus
        />
      </div>
      {(report !== null || isPending) && (
        <TestStages stages={report?.stages ?? []} running={isPending ? ALERTS.testing : null} />
      )}
    </Dialog>
  );
}
