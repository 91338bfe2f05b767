-- What a process must know of those before it and beside it.

alter table lease
  add column if not exists fence bigint not null default 0 comment 'grows each time the lease is taken: a former holder is known by a smaller one';

alter table sweep
  add column if not exists fence    bigint  not null default 0 comment 'of the lease under which it runs',
  add column if not exists approved boolean not null default false comment 'a person has approved its removals',
  modify state varchar(16) character set ascii not null
    comment 'reading, removing, proved, held, incomplete, abandoned, restored';

create table if not exists account (
  credentials char(8)      character set ascii not null comment 'tells accounts apart; no secret can be found from it',
  state       varchar(16)  character set ascii not null comment 'ACTIVE, SUSPECT, SUSPENDED',
  since       datetime(3)  not null,
  reason      varchar(500) null,
  probe_at    datetime(3)  null comment 'no call before then, while suspended',
  primary key (credentials)
) engine = InnoDB default character set utf8mb4;

create table if not exists restore_fence (
  created_at bigint not null comment 'when the server made this table, seconds since 1970: another time after a restore'
) engine = InnoDB;
