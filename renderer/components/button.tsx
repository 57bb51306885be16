import './button.css';
import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { Icon, type IconName } from './icon.tsx';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  /** `primary`: the one main action of a page or dialog. `danger`: what cannot be undone. `quiet`: without a frame. */
  readonly look?: 'default' | 'primary' | 'danger' | 'quiet';
  readonly children: ReactNode;
}

/** A verb that does something. While `isPending` it stays where it is, says so, and does nothing twice. */
export function Button({ look = 'default', children, ...props }: ButtonProps) {
  return (
    <AriaButton {...props} className={`button button-${look}`}>
      {children}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  readonly icon: IconName;
  /** What it does and to what, for those who do not see the picture. */
  readonly label: string;
}

export function IconButton({ icon, label, ...props }: IconButtonProps) {
  return (
    <AriaButton {...props} aria-label={label} className="button button-icon">
      <Icon name={icon} />
    </AriaButton>
  );
}
