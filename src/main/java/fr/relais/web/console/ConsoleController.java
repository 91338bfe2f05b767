package fr.relais.web.console;

import fr.relais.settings.Settings;
import fr.relais.sweep.SweepHistory;
import fr.relais.web.Site;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The operators' console: the state of the mirror, the last sweeps and the reports. It never shows an offer. */
@Controller
class ConsoleController {

    private static final int SWEEPS = 50;

    private final Site site;
    private final RecentReports reports = new RecentReports();
    private final boolean alertsAreOnlyLogged;

    ConsoleController(Site site, Settings settings) {
        this.site = site;
        this.alertsAreOnlyLogged = settings.alertsAreOnlyLogged();
    }

    @GetMapping("/console")
    String console(@RequestParam(defaultValue = "false") boolean renew, HttpServletResponse response, Model model) {
        if (renew) {
            response.setHeader("Refresh", "10");
        }
        model.addAttribute("renewed", renew);
        SweepHistory sweeps = site.relais().sweeps();
        model.addAttribute("sweeps", sweeps.last(SWEEPS));
        model.addAttribute("undecided", sweeps.undecided().orElse(null));
        model.addAttribute("progress", site.relais().progress());
        model.addAttribute("freshness", site.freshness());
        model.addAttribute("account", site.relais().account().status());
        RecentReports.Reading recent = reports.read(site.relais());
        model.addAttribute("reports", recent.reports());
        model.addAttribute("reportsAreCounted", recent.isCounted());
        model.addAttribute("alertsAreOnlyLogged", alertsAreOnlyLogged);
        model.addAttribute("alertsAreUndelivered", site.relais().watch().isUndelivered());
        model.addAttribute("tag", site.display().xitiTag());
        return "console";
    }
}
