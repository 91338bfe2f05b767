package fr.relais.web;

import fr.relais.Settings;
import fr.relais.report.MonthlyReports;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.Sweeps;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.camel.CamelContext;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The console: what the last sweeps did. Counts only, never an offer. */
@Controller
class ConsoleController {

    private static final int SWEEPS = 50;
    private static final int MONTHS = 13;

    private final CamelContext camel;
    private final Settings settings;

    ConsoleController(CamelContext camel, Settings settings) {
        this.camel = camel;
        this.settings = settings;
    }

    @GetMapping("/console")
    String console(@RequestParam(defaultValue = "false") boolean renew, HttpServletResponse response, Model model) {
        if (renew) {
            response.setHeader("Refresh", "10");
        }
        model.addAttribute("renewed", renew);
        Sweeps sweeps = bean("sweeps", Sweeps.class);
        model.addAttribute("sweeps", sweeps.last(SWEEPS));
        model.addAttribute("progress", sweeps.progress());
        model.addAttribute("freshness", bean("freshness", Freshness.class).read());
        model.addAttribute("account", bean("account", Account.class).status());
        model.addAttribute(
                "reports", bean("monthlyReports", MonthlyReports.class).last(MONTHS));
        model.addAttribute("tag", settings.xitiTag());
        return "console";
    }

    private <T> T bean(String name, Class<T> type) {
        return camel.getRegistry().lookupByNameAndType(name, type);
    }
}
