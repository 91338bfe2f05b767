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
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The content of offers, and the budget of those who request it. Pages and API have no other access to either. */
@Component
public class Offers {

    private static final Duration UNTIL_UPDATED = Duration.ofMinutes(15);

    /** An offer that has been undecided for too long may be gone, so it is not shown. */
    private static final String CONTENT = """
            select content from offer where id = ? and not exists
              (select 1 from undecided where offer_id = offer.id and since < timestampadd(second, ?, utc_timestamp(3)))
            """;

    private final Site site;
    private final Budget budget;
    private final JdbcTemplate jdbc;

    Offers(Site site, Budget budget, @Qualifier("webJdbc") JdbcTemplate jdbc) {
        this.site = site;
        this.budget = budget;
        this.jdbc = jdbc;
    }

    /**
     * Returns the JSON of an offer, as received, and counts it in the client's budget.
     *
     * @throws OfferUnavailable when the offer cannot be shown, or not to this client
     * @throws DataAccessException when the database is down
     */
    public String open(String id, HttpServletRequest request) {
        Freshness.Reading freshness = site.freshness();
        if (freshness.seal() != null) {
            throw OfferUnavailable.ended();
        }
        if (freshness.state() == Freshness.State.WITHDRAWN) {
            throw OfferUnavailable.withdrawn(UNTIL_UPDATED);
        }
        // Counts ids without an offer too; otherwise a client could try out ids for free.
        if (budget.tryOpen(client(request), id) instanceof BudgetDecision.Refused refused) {
            throw OfferUnavailable.refused(refused);
        }
        // The column is ASCII, and the database refuses to compare it with other characters.
        List<String> content = OfferId.isValid(id)
                ? jdbc.queryForList(
                        CONTENT,
                        String.class,
                        id,
                        -site.display().withdrawAfter().toSeconds())
                : List.of();
        if (content.isEmpty()) {
            throw OfferUnavailable.absent(id);
        }
        return content.get(0);
    }

    /**
     * Counts a request for a page that shows no offer towards the client's rate.
     *
     * @throws OfferUnavailable when the client sends too many requests
     */
    public void countRequest(HttpServletRequest request) {
        if (budget.tryRequest(client(request)) instanceof BudgetDecision.Refused refused) {
            throw OfferUnavailable.refused(refused);
        }
    }

    private static Client client(HttpServletRequest request) {
        return request.isUserInRole(Access.SITE)
                ? Client.ofKey(request.getUserPrincipal().getName())
                : Client.at(request.getRemoteAddr());
    }
}
