#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wconversion"
#include <gtest/gtest.h>
#include "tests/support/rate_controllers.hpp"
#include <cstdio>
#include <cmath>
namespace wanwise::test {
namespace {
core::Link lte(double mbps, double floor=0.5, double ceiling=50) {
  core::Link l; l.name=core::LinkName{"lte"};
  l.uplink=core::Bps{static_cast<std::int64_t>(mbps*1e6)};
  l.uplink_floor=core::Bps{static_cast<std::int64_t>(floor*1e6)};
  l.uplink_ceiling=core::Bps{static_cast<std::int64_t>(ceiling*1e6)};
  l.rtt=core::milliseconds(50); return l;
}
UplinkConfig base(double demand){ UplinkConfig c; 
 Flow control; control.lane=Lane::priority; control.bps=80e3; control.bytes=200; c.flows.push_back(control);
 Flow video; video.bps=demand; c.flows.push_back(video); return c;}
void show(const char* n, const UplinkResult& r, bool tl=false){ std::printf("%-28s p50 %7.1f p99 %9.1f lost %lld util %.3f writes %zu max/min %zu\n",n,r.delay_ms(.5),r.delay_ms(.99),(long long)r.priority_lost,r.utilisation(),r.writes.size()-(r.writes.empty()?0:1),r.most_writes_a_minute());
 if(tl) {for(auto&w:r.writes) std::printf(" %.1f:%.2f",w.at,w.bps/1e6); std::printf("\n");}}
void all(const char* n, UplinkConfig c, core::Link l, bool tl=true){ UplinkHarness h(c); std::printf("== %s\n",n);
 TrackingShaper t(l); show("tracking",h.run(t),std::getenv("TL")!=nullptr); 
 FixedShaper f(core::Bps{l.uplink.count*92/100}); UplinkHarness h2(c); show("fixed",h2.run(f)); NoShaper no; UplinkHarness h3(c); show("none",h3.run(no)); AimdShaper a(l); UplinkHarness h4(c); show("aimd",h4.run(a)); }
TEST(X,Y){
 for (bool push : {false,true}) {
 std::printf("##### pushback %d\n",push);
 auto c=base(12e6); c.modem_pushes_back=push; c.seconds=300; c.bps_at=[](double){return 10e6;}; all("constant",c,lte(10));
 c.bps_at=[](double){return 10e6;}; all("constant, expected 3",c,lte(3));
 c.seconds=200; c.bps_at=[](double t){return t>=60.3&&t<120?1e6:10e6;}; all("10x",c,lte(10));
 for(double p:{4.,10.,30.,60.}){ c.seconds=300; c.bps_at=[p](double t){return std::fmod(t,p)<p/2?10e6:2e6;}; char n[64]; std::snprintf(n,64,"square %g",p); all(n,c,lte(10));}
 c.bps_at=[](double t){return 6e6+4e6*std::sin(t*6.283/60);}; all("sinus 60",c,lte(10));
 }
 for (auto n : {"ATT-LTE-driving-2016","ATT-LTE-driving","TMobile-LTE-short","TMobile-UMTS-driving"}) {
  auto o=read_mahimahi(std::string(WANWISE_SOURCE_DIR)+"/../shared/traces/mahimahi/"+n+".up.gz"); if(!o) continue;
  double mean=o->size()*12e3/(o->back()/1e3); auto c=base(mean*1.5); c.opportunities=*o; c.seconds=o->back()/1e3; 
  all(n,c,lte(mean/1e6,0.1,mean*4/1e6),false);
  c.modem_pushes_back=true; all((std::string(n)+" push").c_str(),c,lte(mean/1e6,0.1,mean*4/1e6),false);
 }
}
}}
