package fr.relais.web.console;

import fr.relais.settings.RemovalSettings;
import fr.relais.settings.Settings;
import fr.relais.sweep.HeldRemovals;
import fr.relais.sweep.NotHeld;
import fr.relais.sweep.SweepHistory;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.web.Site;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelExecutionException;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The page of the removals: the held ones with the titles of the offers, for a person to approve or refuse, and the
 * undecided offers. A decision needs a second page, which repeats the number.
 */
@Controller
class RemovalsPage extends ConsolePage {

    private static final int CANDIDATES = 50;
    private static final int UNDECIDED = 100;

    /** What a decision may have led to. The texts are {@code removals.result.*}. */
    private static final List<String> RESULTS = List.of("started", "refused", "running", "gone", "changed");

    private final Site site;
    private final RemovalSettings guard;
    private final Duration withdrawAfter;

    RemovalsPage(Site site, Settings settings) {
        super("removals", 20);
        this.site = site;
        this.guard = settings.removal();
        this.withdrawAfter = settings.display().withdrawAfter();
    }

    @GetMapping("/console/removals")
    String page(
            @RequestParam(defaultValue = "0") int from, @RequestParam(defaultValue = "") String result, Model model) {
        fill(model);
        model.addAttribute("result", RESULTS.contains(result) ? result : "");
        if (model.getAttribute("held") instanceof HeldRemovals held) {
            int last = Math.max(0, held.total() - 1) / CANDIDATES * CANDIDATES;
            int first = Math.max(0, Math.min(last, from / CANDIDATES * CANDIDATES));
            model.addAttribute("candidates", sweeps().candidates(held.sweepId(), first, CANDIDATES));
            model.addAttribute("first", first);
            model.addAttribute("previous", first > 0 ? first - CANDIDATES : -1);
            model.addAttribute("next", first < last ? first + CANDIDATES : -1);
        }
        model.addAttribute("undecided", sweeps().undecided().orElse(null));
        model.addAttribute("undecidedOffers", sweeps().undecided(0, UNDECIDED));
        model.addAttribute("withdrawAfter", withdrawAfter);
        return template();
    }

    @Override
    void fill(Model model) {
        HeldRemovals held = sweeps().held().orElse(null);
        model.addAttribute("held", held);
        model.addAttribute("mirrored", held == null ? 0 : sweeps().offers());
        model.addAttribute("guard", guard);
        SweepSummary last = sweeps().last(1).stream().findFirst().orElse(null);
        String approvedBy = last == null ? null : sweeps().approvedBy(last.id()).orElse(null);
        model.addAttribute("approvedBy", approvedBy);
        model.addAttribute("last", last);
        model.addAttribute("isRemoving", last != null && last.state() == SweepState.REMOVING);
    }

    @GetMapping("/console/removals/{sweep}/{decision:approve|refuse}")
    String confirm(@PathVariable long sweep, @PathVariable String decision, Model model) {
        Optional<HeldRemovals> held = held(sweep);
        if (held.isEmpty()) {
            return Actions.show(path(), "gone");
        }
        model.addAttribute("held", held.get());
        model.addAttribute("decision", decision);
        return template() + "-confirm";
    }

    /** @param offers the number of candidates that the person has seen */
    @PostMapping("/console/removals/{sweep}/{decision:approve|refuse}")
    String decide(
            @PathVariable long sweep, @PathVariable String decision, @RequestParam int offers, Principal operator) {
        Optional<HeldRemovals> held = held(sweep);
        if (held.isEmpty()) {
            return Actions.show(path(), "gone");
        }
        if (held.get().total() != offers) {
            return Actions.show(path(), "changed");
        }
        try {
            return Actions.show(
                    path(), decision.equals("approve") ? approve(sweep, operator) : refuse(sweep, operator));
        } catch (CamelExecutionException e) {
            if (e.getCause() instanceof NotHeld) {
                return Actions.show(path(), "gone");
            }
            throw Actions.cause(e);
        }
    }

    private String approve(long sweep, Principal operator) {
        return site.relais().startRemovals(sweep, operator.getName()) ? "started" : "running";
    }

    private String refuse(long sweep, Principal operator) {
        site.relais().refuseRemovals(sweep, operator.getName());
        return "refused";
    }

    private Optional<HeldRemovals> held(long sweep) {
        return sweeps().held().filter(held -> held.sweepId() == sweep);
    }

    private SweepHistory sweeps() {
        return site.relais().sweeps();
    }
}
