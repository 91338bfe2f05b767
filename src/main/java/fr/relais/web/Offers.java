package fr.relais.web;

import fr.relais.sweep.Freshness;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The way to the content of an offer, for whoever asks: nobody gets one by another. */
@Component
class Offers {

    private static final Duration UNTIL_UPDATED = Duration.ofMinutes(15);
    private static final Duration UNTIL_DATABASE = Duration.ofSeconds(30);

    private final Site site;
    private final JdbcTemplate jdbc;

    Offers(Site site, JdbcTemplate jdbc) {
        this.site = site;
        this.jdbc = jdbc;
    }

    /**
     * The JSON of an offer, as received.
     *
     * @throws NotShown when the offer is not to be shown, or not to this client
     */
    String open(String id, HttpServletRequest request) {
        try {
            if (site.freshness().state() == Freshness.State.WITHDRAWN) {
                throw new NotShown.Withdrawn(UNTIL_UPDATED);
            }
            List<String> content = isId(id)
                    ? jdbc.queryForList("select content from offer where id = ?", String.class, id)
                    : List.of();
            if (content.isEmpty()) {
                throw new NotShown.Absent(id);
            }
            return content.get(0);
        } catch (DataAccessException e) {
            throw new NotShown.Withdrawn(UNTIL_DATABASE);
        }
    }

    /** Nothing else is asked of the database, which would not compare it with the ASCII of an id. */
    static boolean isId(String text) {
        return text.matches("[A-Za-z0-9._-]{1,64}");
    }
}
