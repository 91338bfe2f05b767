package fr.relais.web;

import fr.relais.budget.Budget;
import fr.relais.budget.BudgetDecision;
import fr.relais.budget.Client;
import fr.relais.source.OfferId;
import fr.relais.sweep.Freshness;
import fr.relais.web.access.Access;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Gives out the content of offers. There is no other way to it, for pages and API alike. */
@Component
public class Offers {

    private static final Duration UNTIL_UPDATED = Duration.ofMinutes(15);

    private final Site site;
    private final Budget budget;
    private final JdbcTemplate jdbc;

    Offers(Site site, Budget budget, JdbcTemplate jdbc) {
        this.site = site;
        this.budget = budget;
        this.jdbc = jdbc;
    }

    /**
     * The JSON of an offer, as received.
     *
     * @throws OfferUnavailable when the offer cannot be shown, or not to this client
     * @throws DataAccessException when the database is down
     */
    public String open(String id, HttpServletRequest request) {
        if (site.freshness().state() == Freshness.State.WITHDRAWN) {
            throw OfferUnavailable.withdrawn(UNTIL_UPDATED);
        }
        // Also for ids without an offer, otherwise ids could be tried out for free.
        if (budget.tryOpen(client(request), id) instanceof BudgetDecision.Refused refused) {
            throw OfferUnavailable.refused(refused);
        }
        // Ids are ASCII in the database, which refuses to compare them with other characters.
        List<String> content = OfferId.isValid(id)
                ? jdbc.queryForList("select content from offer where id = ?", String.class, id)
                : List.of();
        if (content.isEmpty()) {
            throw OfferUnavailable.absent(id);
        }
        return content.get(0);
    }

    private static Client client(HttpServletRequest request) {
        return request.isUserInRole(Access.SITE)
                ? Client.ofKey(request.getUserPrincipal().getName())
                : Client.at(request.getRemoteAddr());
    }
}
