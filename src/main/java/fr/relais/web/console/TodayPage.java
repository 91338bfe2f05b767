package fr.relais.web.console;

import fr.relais.settings.Settings;
import fr.relais.web.Site;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The first page of the console: what needs a person, and the state of the mirror. */
@Controller
class TodayPage extends ConsolePage {

    private final Site site;
    private final RecentReports reports = new RecentReports();
    private final boolean alertsAreOnlyLogged;

    TodayPage(Site site, Settings settings) {
        super("today", 0);
        this.site = site;
        this.alertsAreOnlyLogged = settings.alerts().areOnlyLogged();
    }

    @GetMapping("/console")
    String page(Model model) {
        return show(model);
    }

    @Override
    void fill(Model model) {
        model.addAttribute("freshness", site.freshness());
        model.addAttribute("account", site.relais().account().status());
        model.addAttribute("undecided", site.relais().sweeps().undecided().orElse(null));
        RecentReports.Reading recent = reports.read(site.relais());
        model.addAttribute("reports", recent.reports());
        model.addAttribute("reportsAreCounted", recent.isCounted());
        model.addAttribute("alertsAreOnlyLogged", alertsAreOnlyLogged);
        model.addAttribute("alertsAreUndelivered", site.relais().watch().isUndelivered());
        model.addAttribute("display", site.display());
    }
}
