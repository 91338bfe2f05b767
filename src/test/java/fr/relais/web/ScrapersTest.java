package fr.relais.web;

import fr.relais.simulator.SettableClock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScrapersTest {
    static final int BASE = 10_000;
    static final LocalDate DAY = LocalDate.of(2026, 11, 17);

    @Test
    void tune() {
        int u = Integer.getInteger("u", 8), d = Integer.getInteger("d", 100);
        double s = Double.parseDouble(System.getProperty("s", "0.1"));
        for (int[] k : new int[][] {{0, 1}, {1, 1}, {50, 50}, {500, 500}, {500, 2}})
            for (Fleet.Strategy st : Fleet.Strategy.values()) {
                double max = 0;
                int refused = 0;
                String who = "";
                long t = System.nanoTime();
                for (long seed = 1; seed <= 3; seed++) {
                    Random r = new Random(seed);
                    Crowd crowd = new Crowd(BASE, r);
                    SettableClock clock = new SettableClock(Instant.EPOCH);
                    clock.set(DAY.atStartOfDay(ZoneId.of("Europe/Paris")).toInstant());
                    Budget b = new Budget(new Budget.Limits(60, d, u, s, 1000), SearchEngines.none(), clock);
                    b.base(BASE);
                    for (int day = 0; day < 2; day++) {
                        Instant mid = DAY.plusDays(day)
                                .atStartOfDay(ZoneId.of("Europe/Paris"))
                                .toInstant();
                        Fleet f = new Fleet(BASE, k[0], k[1], st, r);
                        int tick = 0;
                        for (Crowd.Visit v : crowd.day(2000)) {
                            while (day > 0 && tick < v.second()) {
                                clock.set(mid.plusSeconds(tick));
                                f.ask(b, tick);
                                tick += 10;
                            }
                            clock.set(mid.plusSeconds(v.second()));
                            if (!(b.ask(Client.at(v.address()), "offer" + v.offer()) instanceof Answer.Granted)) {
                                refused++;
                                who += day + "@" + v.second() / 3600 + " ";
                            }
                        }
                        max = Math.max(max, f.share());
                    }
                }
                System.out.printf(
                        "%d/%d %s share %.4f refused %d %s %.1fs%n",
                        k[0], k[1], st, max, refused, who, (System.nanoTime() - t) / 1e9);
                if (k[0] == 0) break;
            }
    }
}
