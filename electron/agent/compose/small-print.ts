import { formatTime } from '../../../shared/format.ts';
import type { RouteChoice } from '../../../shared/model/message.ts';
import { cleanLine, cleanName } from './clean-text.ts';
import type { ComposeContext } from './compose.ts';
import { type Fact, presentFacts } from './mail-document.ts';

/** By which way a mail leaves, in a few words. */
export function routeText(route: RouteChoice, context: ComposeContext): string {
  switch (route) {
    case 'smtp':
      return cleanLine(context.smtpRouteText);
    case 'relay':
      return 'Tocsin Web Service (SMTP override)';
  }
}

/** As `routeText`, for a mail that may still take another way than it sets out on. */
function plannedRoute(route: RouteChoice, context: ComposeContext): string {
  const usual = routeText(route, context);
  const mayStandIn = route === 'smtp' && context.serviceStandsIn === true;
  return mayStandIn ? `${usual}, or the Tocsin Web Service where that fails` : usual;
}

/** The end of every mail: which computer of whose wrote it, how it left and when. */
export function smallPrint(context: ComposeContext, route: RouteChoice): Fact[] {
  return presentFacts([
    ['Installation', cleanName(context.installation)],
    ['Organisation', context.organisation === null ? null : cleanLine(context.organisation)],
    ['Host', cleanName(context.hostName)],
    ['Route', plannedRoute(route, context)],
    ['Written', formatTime(context.now, context.timeZone)],
    ['Version', `Tocsin ${cleanName(context.version)}`],
  ]);
}
