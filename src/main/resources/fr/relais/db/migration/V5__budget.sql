-- What clients opened today, so that several processes, and one that starts again, share one budget (licence, article 3.1). No
-- address, and no id of an offer in clear; nothing is left when the day is over but which offers many people opened.

create table if not exists opening_day (
  day  date       not null comment 'in Europe/Paris',
  salt binary(32) not null comment 'makes tokens of clients; with it goes the way from an address to a token',
  primary key (day)
) engine = InnoDB;

create table if not exists opening (
  id     bigint     not null auto_increment comment 'in the order of the commits, which wait for the lock of the day',
  day    date       not null,
  node   bigint     not null comment 'the process that wrote it',
  client binary(16) not null comment 'token',
  offer  binary(8)  not null comment 'of the digest of its id',
  kind   tinyint    not null comment '0 familiar, 1 free, 2 drawn from the pool, 3 by a key',
  primary key (id)
) engine = InnoDB;

create table if not exists familiar_offer (
  day   date      not null comment 'on which everybody may open it, because many did so the day before',
  offer binary(8) not null comment 'of the digest of its id',
  primary key (day, offer)
) engine = InnoDB;
