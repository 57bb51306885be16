import type { RecipientState } from '../../../shared/model/delivery.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { tellDone, tellFailed } from '../../components/toast.tsx';
import { useCall } from '../../hooks/use-call.ts';
import { recipientsToResend } from '../../model/delivery-state.ts';
import { LOG, NOTHING_TO_RESEND, RESENT, resendText } from '../../strings/log.ts';

export interface ResendDialogProps {
  readonly id: string;
  readonly recipients: readonly RecipientState[];
  readonly onClose: () => void;
}

/** Says what sending again does, and does it. */
export function ResendDialog({ id, recipients, onClose }: ResendDialogProps) {
  const resend = useCall('log.resend');
  const again = recipientsToResend(recipients).map(({ address }) => address);
  return (
    <ConfirmDialog
      title={`${LOG.confirmResend}?`}
      isOpen
      confirm={LOG.confirmResend}
      cancel={LOG.cancel}
      onCancel={onClose}
      onConfirm={() => {
        onClose();
        void resend.run({ id }).then((reply) => {
          if (reply === null) return;
          if (reply.found) tellDone(RESENT);
          else tellFailed(NOTHING_TO_RESEND);
        });
      }}
    >
      <p>{resendText(again, recipients.length)}</p>
    </ConfirmDialog>
  );
}
