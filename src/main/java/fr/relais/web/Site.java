package fr.relais.web;

import fr.relais.Relais;
import fr.relais.licence.Mentions;
import fr.relais.settings.DisplaySettings;
import fr.relais.settings.Settings;
import fr.relais.sweep.Freshness;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.stereotype.Component;

/** The pipeline as the web part sees it, and the content that all pages share. */
@Component
public class Site {

    private final CamelContext camel;
    private final DisplaySettings display;
    private final long staleHours;
    private final CachedValue<Freshness.Reading> freshness;
    private final CachedValue<Optional<String>> licenceVersion;

    Site(CamelContext camel, Settings settings) {
        this.freshness = new CachedValue<>(() -> relais().freshness().read());
        this.licenceVersion = new CachedValue<>(() -> relais().licence().versionInForce());
        this.camel = camel;
        this.display = settings.display();
        this.staleHours = display.bannerAfter().toHours();
    }

    /**
     * Returns the pipeline.
     *
     * @throws DataAccessException before the pipeline has started, because the web server starts earlier
     */
    public Relais relais() {
        return Relais.of(camel)
                .orElseThrow(() -> new TransientDataAccessResourceException("the pipeline has not started yet"));
    }

    /**
     * Returns how old the mirror is, cached for one second.
     *
     * @throws DataAccessException when the database is down
     */
    public Freshness.Reading freshness() {
        return freshness.get();
    }

    /** Returns {@link #freshness}, or {@code WITHDRAWN} while the database is down; for pages that show no offer. */
    public Freshness.Reading freshnessIfKnown() {
        try {
            return freshness();
        } catch (DataAccessException e) {
            return new Freshness.Reading(Freshness.State.WITHDRAWN, null, null);
        }
    }

    /**
     * Returns the mentions that the licence requires (article 4). While the database is down, they have no date and do
     * not name the version of the licence.
     *
     * @param url see {@link #url}
     */
    public Mentions mentions(String url) {
        return Mentions.of(
                freshnessIfKnown().updatedAt(), licenceVersion(), display.licenceUrl(), url + "/modifications");
    }

    private Optional<String> licenceVersion() {
        try {
            return licenceVersion.get();
        } catch (DataAccessException e) {
            return Optional.empty();
        }
    }

    /** Returns the address under which the public reaches this site, without a slash at the end. */
    public String url(HttpServletRequest request) {
        return display.publicUrl().orElseGet(() -> {
            StringBuffer url = request.getRequestURL();
            url.setLength(url.length() - request.getRequestURI().length());
            return url.append(request.getContextPath()).toString();
        });
    }

    /** Returns the content that all pages share, by the names of the variables in the templates. */
    public Map<String, Object> pageModel(HttpServletRequest request) {
        String url = url(request);
        return Map.of(
                "mentions",
                mentions(url),
                "robots",
                display.robots(),
                "stale",
                freshnessIfKnown().state() == Freshness.State.STALE,
                "staleHours",
                staleHours,
                "site",
                url,
                "hasLogo",
                display.logo().isPresent());
    }

    public DisplaySettings display() {
        return display;
    }
}
