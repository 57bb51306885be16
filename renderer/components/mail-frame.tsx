import './mail-frame.css';

export interface MailFrameProps {
  /** Where the agent serves this one mail: `mailFramePath` of the contract. */
  readonly src: string;
  /** The mail's subject: names the frame. */
  readonly title: string;
}

/** A mail's HTML as its reader sees it: in a sandbox, where nothing runs and nothing is loaded. */
export function MailFrame({ src, title }: MailFrameProps) {
  return <iframe className="mail-frame" src={src} title={title} sandbox="" referrerPolicy="no-referrer" />;
}
