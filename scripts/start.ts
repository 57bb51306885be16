/** `npm start`: the app. Until there is a desktop app it says so, and runs the agent with its web console. */
console.log('The desktop app with its tray icon is not part of this version yet, so Tocsin runs headless.');
process.argv.splice(2, 0, 'run');
await import(new URL('../bin/tocsin.js', import.meta.url).href);
