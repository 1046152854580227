#include "machine_compare.h"

static bool same(struct machine_difference *d, const char *port, uint64_t rtl, uint64_t model)
{
	if (rtl == model)
		return true;
	*d = (struct machine_difference){.port = port, .lane = -1, .rtl = rtl, .model = model};
	return false;
}

static bool compare_axil(const struct top_axil_out *r, const struct top_axil_out *m, struct machine_difference *d)
{
	return same(d, "s_axil_awready", r->awready, m->awready) && same(d, "s_axil_wready", r->wready, m->wready) &&
	       same(d, "s_axil_bvalid", r->bvalid, m->bvalid) && (!r->bvalid || same(d, "s_axil_bresp", r->bresp, m->bresp)) &&
	       same(d, "s_axil_arready", r->arready, m->arready) && same(d, "s_axil_rvalid", r->rvalid, m->rvalid) &&
	       (!r->rvalid || (same(d, "s_axil_rresp", r->rresp, m->rresp) && same(d, "s_axil_rdata", r->rdata, m->rdata)));
}

static bool compare_read(const struct axi_read_port *r, const struct axi_read_port *m, const char *const *name, struct machine_difference *d)
{
	return same(d, name[0], r->arvalid, m->arvalid) &&
	       (!r->arvalid || (same(d, name[1], r->araddr, m->araddr) && same(d, name[2], r->arlen, m->arlen))) &&
	       same(d, name[3], r->rready, m->rready);
}

static bool compare_data(const struct axi_write_port *r, const struct axi_write_port *m, unsigned bus_bytes, struct machine_difference *d)
{
	for (unsigned i = 0; i < bus_bytes; i++)
		if (r->wstrb >> i & 1 && !same(d, "m_axi_out_wdata", r->wdata[i], m->wdata[i])) {
			d->lane = (int)i;
			return false;
		}
	return true;
}

static bool compare_write(const struct axi_write_port *r, const struct axi_write_port *m, unsigned bus_bytes, struct machine_difference *d)
{
	return same(d, "m_axi_out_awvalid", r->awvalid, m->awvalid) &&
	       (!r->awvalid || (same(d, "m_axi_out_awaddr", r->awaddr, m->awaddr) && same(d, "m_axi_out_awlen", r->awlen, m->awlen))) &&
	       same(d, "m_axi_out_wvalid", r->wvalid, m->wvalid) &&
	       (!r->wvalid || (same(d, "m_axi_out_wlast", r->wlast, m->wlast) && same(d, "m_axi_out_wstrb", r->wstrb, m->wstrb) &&
	                       compare_data(r, m, bus_bytes, d))) &&
	       same(d, "m_axi_out_bready", r->bready, m->bready);
}

bool compare_ports(const struct top_out *rtl, const struct top_out *model, unsigned bus_bytes, struct machine_difference *d)
{
	static const char *const act[] = {"m_axi_act_arvalid", "m_axi_act_araddr", "m_axi_act_arlen", "m_axi_act_rready"};
	static const char *const wgt[] = {"m_axi_wgt_arvalid", "m_axi_wgt_araddr", "m_axi_wgt_arlen", "m_axi_wgt_rready"};
	return compare_read(&rtl->act, &model->act, act, d) && compare_read(&rtl->wgt, &model->wgt, wgt, d) &&
	       compare_write(&rtl->out, &model->out, bus_bytes, d) && compare_axil(&rtl->axil, &model->axil, d) &&
	       same(d, "irq", rtl->irq, model->irq);
}
