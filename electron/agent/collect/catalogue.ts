import type { MetricName } from '../../../shared/model/metrics.ts';

/** What people should know of some metrics that are read together. `docs/metrics.md` is written from it. */
export interface CatalogueEntry {
  readonly metrics: readonly MetricName[];
  /** What the number or state is, where its name does not say it all. */
  readonly means: string;
  /** Where it is read from: one text for all systems, or one for each. */
  readonly from: string | Readonly<Record<'linux' | 'win32' | 'darwin', string>>;
  /** What makes it unknown, besides a source that cannot be read or does not answer. */
  readonly unknownWhen: readonly string[];
}

export interface CatalogueGroup {
  readonly title: string;
  readonly entries: readonly CatalogueEntry[];
}

const LIBRARY = (call: string) => `systeminformation, ${call}`;

/** All metrics of shared/model/metrics.ts, each in one entry. Units, states and targets stand there; how often stands in the sources. */
export const CATALOGUE: readonly CatalogueGroup[] = [
  {
    title: 'CPU and memory',
    entries: [
      {
        metrics: ['cpu.usedPercent'],
        means:
          'Share of the time of all CPUs that was neither idle nor waiting for a disk, since the measurement before.',
        from: { linux: '/proc/stat', win32: 'Node, os.cpus()', darwin: 'Node, os.cpus()' },
        unknownWhen: ['it is measured for the first time: a share takes two measurements'],
      },
      {
        metrics: ['cpu.loadPerCore'],
        means: 'The load average of the last minute, divided by the number of CPUs.',
        from: { linux: '/proc/loadavg', win32: 'not measured', darwin: 'Node, os.loadavg()' },
        unknownWhen: ['the system is Windows, which has no load average'],
      },
      {
        metrics: ['memory.usedPercent', 'memory.availableBytes', 'swap.usedPercent'],
        means:
          'Available is what programs can have without swapping; used is the rest, so files kept in memory by the system do not count as used. Swap is the page file on Windows.',
        from: { linux: '/proc/meminfo', win32: LIBRARY('mem()'), darwin: LIBRARY('mem()') },
        unknownWhen: ['swap: no swap is set up'],
      },
      {
        metrics: ['temperature.cpuCelsius'],
        means: 'The hottest sensor of the CPU.',
        from: {
          linux:
            '/sys/class/hwmon (coretemp, k10temp, zenpower, cpu_thermal and kin), else /sys/class/thermal',
          win32: `${LIBRARY('cpuTemperature()')}: the hottest ACPI thermal zone; needs an administrator’s rights`,
          darwin: `${LIBRARY('cpuTemperature()')}; needs a native module that is not shipped`,
        },
        unknownWhen: ['the computer does not tell it: most virtual machines do not'],
      },
    ],
  },
  {
    title: 'Disks, files and folders',
    entries: [
      {
        metrics: ['disk.usedPercent', 'disk.freeBytes'],
        means: 'As df shows them: what is kept for the administrator does not count as free.',
        from: { linux: 'statfs(2)', win32: LIBRARY('fsSize()'), darwin: LIBRARY('fsSize()') },
        unknownWhen: [
          'nothing is mounted at that very path: the numbers would be those of another disk',
          'a network file system does not answer within 5 s',
        ],
      },
      {
        metrics: ['disk.readBytesPerSecond', 'disk.writeBytesPerSecond'],
        means: 'Mean since the measurement before, of the disk or partition that is mounted there.',
        from: { linux: '/proc/diskstats', win32: 'not measured', darwin: 'not measured' },
        unknownWhen: [
          'it is measured for the first time',
          'the file system has no disk of its own (network, overlay, tmpfs, zfs)',
          'the system is Windows or macOS',
        ],
      },
      {
        metrics: ['file.state', 'file.ageSeconds', 'file.sizeBytes'],
        means:
          'The age is the time since its content last changed. Links are followed. A folder is present, and said to be one.',
        from: 'stat(2). Changes of a watched file are noticed at once, not only in the next cycle',
        unknownWhen: [
          'age and size: the file is missing',
          'it may not be looked at',
          'a network file system does not answer within 5 s',
        ],
      },
      {
        metrics: ['folder.fileCount', 'folder.sizeBytes'],
        means:
          'Everything in the folder and in all folders below it that is no folder itself, and the sum of its sizes as `ls -l` shows them. Only the path itself may be a link; a link inside counts as one small file.',
        from: 'A walk through the folder, one folder after the other',
        unknownWhen: [
          'it holds more than 200,000 files and folders, or counting takes longer than 10 s',
          'it is missing, or a part of it may not be read: half a number would be a wrong one',
        ],
      },
    ],
  },
  {
    title: 'Processes and services',
    entries: [
      {
        metrics: ['process.state', 'process.count', 'process.cpuPercent', 'process.memoryBytes'],
        means:
          'All processes of that name together; 0 where none runs. 100 % CPU is one CPU fully used. Memory is what is resident, shared parts counted in each.',
        from: { linux: '/proc/PID/stat', win32: LIBRARY('processes()'), darwin: LIBRARY('processes()') },
        unknownWhen: [
          'CPU: it is measured for the first time',
          'Linux: none is found and the system hides the processes of other users (hidepid)',
        ],
      },
      {
        metrics: ['service.state'],
        means:
          'A service that is starting or reloading is running; one that is ending, failed or paused is stopped, as the detail says. The target is a unit on Linux (“nginx” is nginx.service), a service’s name or display name on Windows, a label of the system domain on macOS.',
        from: {
          linux:
            'systemctl show, at most once a minute for all services together; each cycle looks in /sys/fs/cgroup whether their processes came or went, and asks at once when they did',
          win32: 'sc.exe query, one call for all services',
          darwin: 'launchctl print system/LABEL, one call for each service',
        },
        unknownWhen: [
          'no such service is known: a slip of the pen must not fire',
          'Linux: systemd does not run on this computer',
        ],
      },
    ],
  },
  {
    title: 'Network',
    entries: [
      {
        metrics: ['network.state', 'network.receivedBytesPerSecond', 'network.sentBytesPerSecond'],
        means:
          'Rates are means since the measurement before. An interface that was there and is gone is down.',
        from: {
          linux: '/sys/class/net, /proc/net/dev',
          win32: LIBRARY('networkStats()'),
          darwin: LIBRARY('networkStats()'),
        },
        unknownWhen: ['no interface has that name', 'rates: it is measured for the first time'],
      },
      {
        metrics: ['tcp.state', 'tcp.connectMilliseconds'],
        means:
          'A port that refuses, does not answer within 5 s, or whose name cannot be resolved is closed, with the reason. The time is that of the handshake alone.',
        from: 'A connection that is closed at once',
        unknownWhen: ['time: the port is closed', 'this computer is out of sockets'],
      },
      {
        metrics: ['http.status', 'http.responseMilliseconds'],
        means:
          'The status of the first answer; redirects are not followed. **0 is no page**: refused, name not found, certificate not trusted, broken off, or not there within 10 s; the detail says which. “Web page down” is therefore two conditions, any of which fires: `"below": 200` and `"above": 399`. The time runs from the name lookup to the end of the page, or of its first 64 KB.',
        from: 'One GET for both, on a connection of its own, with no proxy',
        unknownWhen: ['time: there was no page', 'this computer is out of sockets'],
      },
      {
        metrics: ['tls.expiresInDays'],
        means:
          'Until the server’s certificate ends, cut to hundredths of a day; below 0 when it has ended. Whether it is trusted does not matter here. The target may be an https address as well.',
        from: 'A TLS handshake with the server’s name (SNI)',
        unknownWhen: [
          'no certificate came within 10 s: the port is closed, or speaks no TLS or starts in clear (STARTTLS)',
        ],
      },
      {
        metrics: ['dns.state'],
        means:
          'A name resolves when the name servers give it an IPv4 or IPv6 address; the detail lists them. It fails when they say that there is none, refuse, or do not answer within 5 s.',
        from: 'The computer’s name servers; the hosts file is not read',
        unknownWhen: ['the target is an address or no name'],
      },
    ],
  },
  {
    title: 'The computer',
    entries: [
      {
        metrics: ['battery.percent', 'battery.state'],
        means:
          'Discharging is when the computer lives on its battery. On mains it is charging, though it may be full, as the detail says. Linux: several batteries count together, each by what it holds.',
        from: {
          linux: '/sys/class/power_supply',
          win32: LIBRARY('battery() (Win32_Battery)'),
          darwin: LIBRARY('battery() (ioreg, pmset)'),
        },
        unknownWhen: ['the computer has no battery', 'Windows, state: the battery is full'],
      },
      {
        metrics: ['system.uptimeSeconds'],
        means: 'Since the computer started. “Computer restarted” is a condition such as `"below": 300`.',
        from: { linux: '/proc/uptime', win32: 'Node, os.uptime()', darwin: 'Node, os.uptime()' },
        unknownWhen: [],
      },
      {
        metrics: ['mail.outboxAgeSeconds'],
        means: 'How long the oldest mail of Tocsin has been waiting to leave; 0 when none waits.',
        from: 'Tocsin’s own outbox',
        unknownWhen: ['`tocsin check` measures it: only the running agent has it'],
      },
    ],
  },
];
