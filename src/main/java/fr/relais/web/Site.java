package fr.relais.web;

import fr.relais.Settings;
import fr.relais.licence.Mentions;
import fr.relais.sweep.Freshness;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** What there is to show, and what has to be said with it. */
@Component
class Site {

    private static final long REMEMBER = Duration.ofSeconds(1).toNanos();

    private final CamelContext camel;
    private final Settings settings;
    private volatile Remembered remembered;

    /** What every page asks for, and what changes a few times a day. */
    private record Remembered(Freshness.Reading freshness, long at) {}

    Site(CamelContext camel, Settings settings) {
        this.camel = camel;
        this.settings = settings;
    }

    /** How old the mirror is, at most a second ago. */
    Freshness.Reading freshness() {
        Remembered last = remembered;
        if (last == null || System.nanoTime() - last.at > REMEMBER) {
            last = new Remembered(
                    camel.getRegistry()
                            .lookupByNameAndType("freshness", Freshness.class)
                            .read(),
                    System.nanoTime());
            remembered = last;
        }
        return last.freshness;
    }

    /** Without a date when the database is away: a page that says so still has to say the rest. */
    Mentions mentions(HttpServletRequest request) {
        Freshness.Reading reading;
        try {
            reading = freshness();
        } catch (DataAccessException e) {
            reading = new Freshness.Reading(Freshness.State.WITHDRAWN, null, null);
        }
        return Mentions.of(reading.updatedAt(), settings.licenceUrl(), url(request) + "/modifications");
    }

    /** The address under which the public reaches this site, without a slash at its end. */
    String url(HttpServletRequest request) {
        return settings.publicUrl().orElseGet(() -> ServletUriComponentsBuilder.fromContextPath(request)
                .build()
                .toUriString());
    }

    Settings settings() {
        return settings;
    }
}
