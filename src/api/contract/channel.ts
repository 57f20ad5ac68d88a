export interface Channel {
  name: string;
  kind: string;
  host: string;
  enabled: boolean;
  lastStatus: string;
  lastAt: string | null;
}

export interface Channels {
  channels: Channel[];
}

export interface ChannelTest {
  ok: boolean;
  status: number;
  answer: string;
  milliseconds: number;
}
