import type { MetricName, TargetKind } from '../../shared/model/metrics.ts';

/** What can be watched, by what it belongs to, in the order in which it is offered. */
export const METRIC_GROUPS: readonly {
  readonly title: string;
  readonly metrics: Readonly<Partial<Record<MetricName, string>>>;
}[] = [
  {
    title: 'Processor and memory',
    metrics: {
      'cpu.usedPercent': 'CPU used',
      'cpu.loadPerCore': 'CPU load per core',
      'memory.usedPercent': 'Memory used',
      'memory.availableBytes': 'Memory available',
      'swap.usedPercent': 'Swap used',
      'temperature.cpuCelsius': 'CPU temperature',
    },
  },
  {
    title: 'Disks',
    metrics: {
      'disk.usedPercent': 'Disk used',
      'disk.freeBytes': 'Disk free',
      'disk.readBytesPerSecond': 'Disk reads',
      'disk.writeBytesPerSecond': 'Disk writes',
    },
  },
  {
    title: 'Programs',
    metrics: {
      'service.state': 'Service runs or not',
      'process.state': 'Process runs or not',
      'process.count': 'Number of processes',
      'process.cpuPercent': 'CPU of a process',
      'process.memoryBytes': 'Memory of a process',
    },
  },
  {
    title: 'Files and folders',
    metrics: {
      'file.state': 'File is there or not',
      'file.ageSeconds': 'Age of a file',
      'file.sizeBytes': 'Size of a file',
      'folder.fileCount': 'Files in a folder',
      'folder.sizeBytes': 'Size of a folder',
    },
  },
  {
    title: 'Network',
    metrics: {
      'tcp.state': 'TCP port is open or not',
      'tcp.connectMilliseconds': 'Connect time of a TCP port',
      'http.status': 'HTTP status of a page',
      'http.responseMilliseconds': 'Response time of a page',
      'tls.expiresInDays': 'Certificate, time left',
      'dns.state': 'DNS name resolves or not',
      'network.state': 'Network is up or down',
      'network.receivedBytesPerSecond': 'Network received',
      'network.sentBytesPerSecond': 'Network sent',
    },
  },
  {
    title: 'This computer',
    metrics: {
      'system.uptimeSeconds': 'Uptime',
      'battery.percent': 'Battery charge',
      'battery.state': 'Battery charges or not',
      'mail.outboxAgeSeconds': 'Age of the oldest mail waiting',
    },
  },
];

/** What a target is called, and how one looks. */
export const TARGETS: Readonly<
  Record<TargetKind, { readonly label: string; readonly placeholder: string; readonly missing: string }>
> = {
  mount: { label: 'Disk', placeholder: '/ or C:', missing: 'Choose a disk, such as / or C:.' },
  interface: { label: 'Network interface', placeholder: 'eth0', missing: 'Choose a network interface.' },
  process: {
    label: 'Process',
    placeholder: 'postgres',
    missing: 'Choose a process, or type the name of its program.',
  },
  service: { label: 'Service', placeholder: 'Spooler', missing: 'Choose a service, or type its name.' },
  'host:port': {
    label: 'Server and port',
    placeholder: 'mail.contoso.example:25',
    missing: 'Type a server and port, such as mail.contoso.example:25.',
  },
  url: {
    label: 'Address',
    placeholder: 'https://www.contoso.example/',
    missing: 'Type an address that begins with https:// or http://.',
  },
  name: { label: 'DNS name', placeholder: 'www.contoso.example', missing: 'Type a DNS name.' },
  path: {
    label: 'Full path',
    placeholder: '/var/backups/nightly.tar',
    missing: 'Type the full path of a file or folder.',
  },
};
