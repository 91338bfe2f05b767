package fr.relais.web.console;

import fr.relais.Relais;
import fr.relais.settings.Settings;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.web.Site;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The decision about what needs a person, most urgent first. */
@Component
class Notices {

    private static final String BAD = "bad";
    private static final String WARN = "warn";
    private static final String SETTING = "setting";
    private static final String SWEEPS = "/console/sweeps";

    private final Site site;
    private final Settings settings;
    private final boolean hasMailServer;

    Notices(Site site, Settings settings, Environment environment) {
        this.site = site;
        this.settings = settings;
        this.hasMailServer = environment.containsProperty("spring.mail.host");
    }

    /** @throws org.springframework.dao.DataAccessException when the database is down */
    List<Notice> read(Format format) {
        List<Notice> notices = new ArrayList<>();
        Relais relais = site.relais();
        addMirror(notices, format, site.freshness(), relais.account().status());
        addSweeps(notices, format, relais.sweeps().last(2));
        relais.reports()
                .needingOperator()
                .ifPresent(report -> notices.add(Notice.of("report", BAD)
                        .with(format.month(report.month()), report.state().toString())
                        .because(report.reason())));
        if (relais.watch().isUndelivered()) {
            notices.add(Notice.of("undelivered", BAD));
        }
        relais.sweeps()
                .undecided()
                .ifPresent(undecided -> notices.add(Notice.of("undecided", WARN)
                        .with(format.number((long) undecided.count()), format.time(undecided.since()))));
        addSettings(notices);
        return notices;
    }

    private static void addMirror(
            List<Notice> notices, Format format, Freshness.Reading freshness, Account.Status account) {
        if (account.state() != Account.State.ACTIVE) {
            notices.add(Notice.of(account.state() == Account.State.SUSPENDED ? "suspended" : "suspect", BAD)
                    .with(format.time(account.since()), format.time(account.probeAt()))
                    .because(account.reason()));
        }
        if (freshness.updatedAt() == null) {
            notices.add(Notice.of("unproved", WARN).linkedTo(SWEEPS));
        } else if (freshness.state() != Freshness.State.FRESH) {
            notices.add(Notice.of(freshness.state() == Freshness.State.STALE ? "stale" : "withdrawn", BAD)
                    .with(format.duration(freshness.age()), format.time(freshness.updatedAt()))
                    .linkedTo(SWEEPS));
        }
    }

    /** @param last the last two sweeps, of which the newest may still be running */
    private static void addSweeps(List<Notice> notices, Format format, List<SweepSummary> last) {
        last.stream().filter(SweepSummary::isEnded).findFirst().ifPresent(sweep -> {
            if (sweep.state() == SweepState.HELD) {
                notices.add(Notice.of("held", BAD)
                        .with(Long.toString(sweep.id()), format.number((long) sweep.kept()))
                        .because(sweep.reason())
                        .linkedTo(SWEEPS));
            } else if (sweep.state() != SweepState.PROVED) {
                notices.add(Notice.of("incomplete", WARN)
                        .with(Long.toString(sweep.id()), format.time(sweep.startedAt()))
                        .because(sweep.reason())
                        .linkedTo(SWEEPS));
            }
        });
    }

    private void addSettings(List<Notice> notices) {
        if (settings.report().from().isEmpty() || !hasMailServer) {
            notices.add(Notice.of("mail", SETTING));
        }
        if (settings.alerts().areOnlyLogged()) {
            notices.add(Notice.of("logged", SETTING));
        }
        if (settings.display().xitiTag().isEmpty()) {
            notices.add(Notice.of("tag", SETTING));
        }
        if (settings.display().logo().isEmpty()) {
            notices.add(Notice.of("logo", SETTING));
        }
    }
}
