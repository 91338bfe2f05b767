package fr.relais.web.console;

import fr.relais.ledger.LedgerEntry;
import fr.relais.web.Site;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of the ledger: its entries, newest first, and the check of all of them. */
@Controller
class LedgerPage extends ConsolePage {

    private static final int ENTRIES = 50;

    private final Site site;

    /** The one check that may run, because each holds a connection of the pipeline. */
    private final Semaphore check = new Semaphore(1);

    LedgerPage(Site site) {
        super("ledger", 70);
        this.site = site;
    }

    /** @param before only entries with a lower number */
    @GetMapping("/console/ledger")
    String page(@RequestParam(defaultValue = "9223372036854775807") long before, Model model) {
        List<LedgerEntry> entries = site.relais().ledger().last(before, ENTRIES);
        model.addAttribute("entries", entries);
        model.addAttribute("isFirstPage", before == Long.MAX_VALUE);
        model.addAttribute(
                "next", entries.isEmpty() ? 0 : entries.get(entries.size() - 1).number());
        return show(model);
    }

    @Override
    void fill(Model model) {
        model.addAttribute("head", site.relais().ledger().head());
    }

    /**
     * Checks the ledger, which takes seconds when it has grown for years, over the pipeline's connections. While
     * another check is running, the page only says so.
     */
    @GetMapping("/console/ledger/check")
    String check(Model model) {
        if (check.tryAcquire()) {
            try {
                model.addAttribute(
                        "verification", site.relais().overPipeline().ledger().verify(Optional.empty()));
            } finally {
                check.release();
            }
        }
        return "console/ledger-check";
    }
}
