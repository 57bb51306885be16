import { useEffect } from 'react';
import { useRoute, useRouter } from '../hooks/use-router.tsx';
import { useSettings } from '../hooks/use-settings.tsx';
import { isFresh } from '../model/fresh.ts';

/** Opens the set-up where nothing has been set up yet, and the address asks for no other page. It can be skipped. */
export function useFirstRun(): void {
  const router = useRouter();
  const { page } = useRoute();
  const { view } = useSettings();
  const isOffered = page === '' && view !== null && isFresh(view.settings);
  useEffect(() => {
    if (isOffered) router.navigate('welcome');
  }, [isOffered, router]);
}
