package fr.relais.web.console;

import fr.relais.settings.Settings;
import fr.relais.sweep.SweepState;
import fr.relais.watch.Alert;
import fr.relais.web.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** What needs a person, most urgent first: the problems that the last check found, and settings that are missing. */
@Component
class Notices {

    /** How long the page Today says that the fields of the source's records have changed. */
    private static final Duration CHANGE_NOTICE = Duration.ofDays(7);

    private final Site site;
    private final Settings settings;
    private final boolean hasMailServer;

    Notices(Site site, Settings settings, Environment environment) {
        this.site = site;
        this.settings = settings;
        this.hasMailServer = environment.containsProperty("spring.mail.host");
    }

    /** @throws org.springframework.dao.DataAccessException when the database is down */
    List<Notice> read() {
        List<Notice> notices = new ArrayList<>();
        site.relais().watch().problems().stream()
                // The last check may be older than the decision about the removals.
                .filter(problem -> problem.kind() != Alert.Kind.HELD_SWEEP || isHeld())
                .map(Notices::notice)
                .forEach(notices::add);
        if (site.relais().watch().isUndelivered()) {
            notices.add(Notice.of("undelivered", Notice.Level.WARNING));
        }
        Instant changed = site.relais().sweeps().sourceShape().changedAt();
        if (changed != null && changed.isAfter(Instant.now().minus(CHANGE_NOTICE))) {
            notices.add(new Notice("fields", Notice.Level.WARNING, null, "set-aside", null));
        }
        addSettings(notices);
        notices.sort(Comparator.comparing(Notice::level));
        return notices;
    }

    private boolean isHeld() {
        return site.relais().sweeps().last(1).stream().anyMatch(sweep -> sweep.state() == SweepState.HELD);
    }

    static Notice notice(Alert problem) {
        String kind = problem.kind().toString();
        return new Notice(
                switch (problem.kind()) {
                    case ACCOUNT, MIRROR, EVENTS -> kind + "." + problem.state();
                    case LICENCE -> problem.isNews() ? kind + ".in-force" : kind;
                    default -> kind;
                },
                Notice.Level.valueOf(problem.severity().name()),
                problem.summary(),
                switch (problem.kind()) {
                    case MIRROR, INCOMPLETE_SWEEPS -> "sweeps";
                    case HELD_SWEEP, UNDECIDED_OFFERS -> "removals";
                    case REPORT -> "reports";
                    case EVENTS -> "events";
                    case ACCOUNT, CHANGELOG, LICENCE, API_CHANGE, INACTIVITY, WATCH -> null;
                },
                problem.runbook());
    }

    private void addSettings(List<Notice> notices) {
        if (settings.report().from().isEmpty() || !hasMailServer) {
            notices.add(Notice.of("mail", Notice.Level.SETTING));
        }
        if (settings.alerts().areOnlyLogged()) {
            notices.add(Notice.of("logged", Notice.Level.SETTING));
        }
        if (settings.display().xitiTag().isEmpty()) {
            notices.add(Notice.of("tag", Notice.Level.SETTING));
        }
        if (settings.display().logo().isEmpty()) {
            notices.add(Notice.of("logo", Notice.Level.SETTING));
        }
    }
}
