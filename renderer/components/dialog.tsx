import './dialog.css';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Button, IconButton } from './button.tsx';

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  /** Called for Escape, the cross and Cancel alike; whether it closes is the caller's business. */
  readonly onClose: () => void;
  /** `small`: a question or a few fields. `wide`: a chart or a table, as high as it is. `editor`: as large as the window allows, up to 880 × 640. */
  readonly size?: 'small' | 'wide' | 'editor';
  readonly children: ReactNode;
  /** Buttons at the bottom, the main one last. */
  readonly footer?: ReactNode;
  /** What must be seen first: a fault, at the top of the dialog (C5). */
  readonly banner?: ReactNode;
}

/** A modal window of the page. Focus stays inside, and returns to where it was. */
export function Dialog({ title, isOpen, onClose, size = 'small', children, footer, banner }: DialogProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className="dialog-overlay"
    >
      <Modal className={`dialog-frame dialog-${size}`}>
        <AriaDialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title" className="cut dialog-title">
              {title}
            </Heading>
            <IconButton icon="close" label="Close" onPress={onClose} />
          </header>
          {banner}
          <div className="dialog-body">{children}</div>
          {footer !== undefined && <footer className="dialog-foot">{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface ConfirmDialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  /** What happens, to what, and whether it can be undone. */
  readonly children: ReactNode;
  readonly confirm: string;
  readonly cancel?: string;
  readonly isDanger?: boolean;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** A question with two answers, both of them verbs. */
export function ConfirmDialog({
  confirm,
  cancel = 'Cancel',
  isDanger = false,
  onConfirm,
  onCancel,
  ...props
}: ConfirmDialogProps) {
  return (
    <Dialog
      {...props}
      onClose={onCancel}
      footer={
        <>
          <Button onPress={onCancel} autoFocus>
            {cancel}
          </Button>
          <Button look={isDanger ? 'danger' : 'primary'} onPress={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    />
  );
}
