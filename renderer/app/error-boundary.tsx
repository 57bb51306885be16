import { Component, type ReactNode } from 'react';
import { Banner } from '../components/banner.tsx';
import { Button } from '../components/button.tsx';
import { SHELL } from '../strings/shell.ts';

interface Props {
  readonly children: ReactNode;
  readonly reload: () => void;
}

/** Keeps a page that breaks from taking the window with it. What broke stands in the browser's console. */
export class ErrorBoundary extends Component<Props, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <Banner
        state="critical"
        isUrgent
        actions={
          <>
            <Button onPress={() => this.setState({ isBroken: false })}>{SHELL.again}</Button>
            <Button onPress={this.props.reload}>{SHELL.reload}</Button>
          </>
        }
      >
        <strong>{SHELL.brokenTitle}</strong> {SHELL.broken}
      </Banner>
    );
  }
}
