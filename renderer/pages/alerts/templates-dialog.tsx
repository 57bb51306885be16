import { ListBox, ListBoxItem } from 'react-aria-components';
import { ALERT_TEMPLATES } from '../../../shared/templates.ts';
import { Dialog } from '../../components/dialog.tsx';
import { ALERTS } from '../../strings/alerts.ts';
import { EMPTY_ID } from './opened-alert.tsx';

const CHOICES: readonly { readonly id: string; readonly title: string; readonly purpose: string }[] = [
  ...ALERT_TEMPLATES,
  { id: EMPTY_ID, title: ALERTS.emptyAlert, purpose: ALERTS.emptyAlertPurpose },
];

export interface TemplatesDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onChoose: (id: string) => void;
}

/** What a new alert may begin with. */
export function TemplatesDialog({ isOpen, onClose, onChoose }: TemplatesDialogProps) {
  return (
    <Dialog title={ALERTS.templatesTitle} isOpen={isOpen} onClose={onClose} size="wide">
      <ListBox
        aria-label={ALERTS.templates}
        className="templates"
        autoFocus="first"
        onAction={(key) => onChoose(String(key))}
      >
        {CHOICES.map(({ id, title, purpose }) => (
          <ListBoxItem key={id} id={id} textValue={title} className="template">
            <span className="template-title">{title}</span>
            <span className="muted">{purpose}</span>
          </ListBoxItem>
        ))}
      </ListBox>
    </Dialog>
  );
}
