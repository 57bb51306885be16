import './list.css';
import { Fragment } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components';
import { Button, IconButton } from './button.tsx';
import { Icon } from './icon.tsx';

/** One thing a menu does. */
export interface MenuAction {
  readonly id: string;
  readonly label: string;
  readonly onAction: () => void;
  readonly isDisabled?: boolean;
  /** It cannot be undone; stands last, behind a line. */
  readonly isDanger?: boolean;
}

export interface MenuProps {
  /** What the menu is about, for those who do not see it: "Actions for Disk nearly full". */
  readonly label: string;
  readonly actions: readonly MenuAction[];
  /** The words on its button; a button with three dots where there are none. */
  readonly buttonText?: string;
}

/** A button that opens a list of actions. */
export function Menu({ label, actions, buttonText }: MenuProps) {
  return (
    <MenuTrigger>
      {buttonText === undefined ? (
        <IconButton icon="more" label={label} />
      ) : (
        <Button aria-label={label}>
          {buttonText}
          <Icon name="down" />
        </Button>
      )}
      <Popover className="popover" placement="bottom end" offset={4}>
        <AriaMenu className="list" aria-label={label}>
          {actions.map((action, position) => (
            <Fragment key={action.id}>
              {action.isDanger === true && position > 0 && <Separator className="list-separator" />}
              <MenuItem
                id={action.id}
                textValue={action.label}
                onAction={action.onAction}
                isDisabled={action.isDisabled === true}
                className={action.isDanger === true ? 'list-item list-item-danger' : 'list-item'}
              >
                {action.label}
              </MenuItem>
            </Fragment>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
